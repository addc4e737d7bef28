import { useQuery } from "@tanstack/react-query";
import { type Message, messageStatus, type Reader } from "../../api/chat";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { clock } from "../times";

interface Props {
  stream: string;
  message: Message;
  onClose: () => void;
}

/** Who has read a message, and whom it has reached. */
export default function ReadByDialog({ stream, message, onClose }: Props) {
  const status = useQuery({
    queryKey: ["status", stream, message.messageId],
    queryFn: () => messageStatus(message.messageId),
    staleTime: 0,
  });
  const says = text.chat.readBy;
  return (
    <Modal title={says.title} isOpen onClose={onClose}>
      {status.isError && <Banner kind="bad">{status.error.message}</Banner>}
      {status.data && (
        <>
          <Group title={says.read} list={status.data.read} timed />
          {status.data.delivered.length > 0 && <Group title={says.delivered} list={status.data.delivered} />}
          {status.data.sent.length > 0 && <Group title={says.sent} list={status.data.sent} />}
        </>
      )}
      <div className="actions">
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}

function Group({ title, list, timed = false }: { title: string; list: Reader[]; timed?: boolean }) {
  return (
    <section>
      <h3 className="group-title">{title}</h3>
      {list.length === 0 ? (
        <p className="hint">{text.chat.readBy.none}</p>
      ) : (
        <ul className="lines">
          {list.map((reader) => (
            <li key={reader.userId}>
              <span className="name">{reader.displayName}</span>
              {timed && <small>{clock(Number(reader.timestamp))}</small>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
