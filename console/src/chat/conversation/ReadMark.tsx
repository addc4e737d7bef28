import { useQuery } from "@tanstack/react-query";
import { messageStatus } from "../../api/chat";
import { text } from "../../text";

/** Under one's newest message: how many have read it. */
export function ReadMark({ stream, message }: { stream: string; message: string }) {
  const status = useQuery({ queryKey: ["status", stream, message], queryFn: () => messageStatus(message) });
  if (!status.data) return null;
  const { read, delivered, sent } = status.data;
  const says = text.chat.readBy;
  if (read.length === 0) return <span>{says.sentShort}</span>;
  const all = delivered.length + sent.length === 0 && read.length === 1;
  return <span>{all ? says.readShort : says.short(read.length)}</span>;
}
