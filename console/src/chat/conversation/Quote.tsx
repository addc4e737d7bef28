import { useQuery } from "@tanstack/react-query";
import { message } from "../../api/chat";
import { plain } from "../../markup/parse";
import { to } from "../../parts/route";
import { text } from "../../text";

const shown = 200;

/** The message that another one answers or forwards. */
export function Quote({ stream, id }: { stream: string; id: string }) {
  const found = useQuery({ queryKey: ["message", id], queryFn: () => message(id) });
  if (found.isPending) return <div className="quote">…</div>;
  const m = found.data;
  if (!m) return <div className="quote">{text.chat.unseen}</div>;
  const here = m.stream.streamId === stream;
  const said = plain(m.message);
  const name = m.user.displayName;
  const content = (
    <>
      <b>{here ? text.chat.answers(name) : text.chat.forwarded(name)}</b>
      {here && <span>{said.length > shown ? `${said.slice(0, shown)}…` : said}</span>}
    </>
  );
  return here ? (
    <a className="quote" href={to("chat", stream, m.initialMessageId ?? id)}>
      {content}
    </a>
  ) : (
    <div className="quote">{content}</div>
  );
}
