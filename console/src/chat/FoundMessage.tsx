import type { Message } from "../api/chat";
import { plain } from "../markup/parse";
import { to } from "../parts/route";
import { shortTime } from "./times";

const shown = 160;

/** A message that a search has found: a link to its conversation. */
export function FoundMessage({ message, onOpen }: { message: Message; onOpen?: () => void }) {
  const said = plain(message.message);
  return (
    <a className="found" href={to("chat", message.stream.streamId, message.messageId)} onClick={onOpen}>
      <span className="name">{message.user.displayName}</span>
      <time dateTime={new Date(message.timestamp).toISOString()}>{shortTime(message.timestamp)}</time>
      <span className="said">{said.length > shown ? `${said.slice(0, shown)}…` : said}</span>
    </a>
  );
}
