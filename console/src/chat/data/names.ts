import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { text } from "../../text";
import { usePerson } from "./people";

const named = 4; // members of a MIM whose names are shown

/** others returns the members of an IM or MIM other than the caller; of one's own notes, the caller. */
export function others(c: Conversation, me: Me): number[] {
  const list = c.members?.filter((id) => id !== me.id) ?? [];
  return list.length > 0 ? list : [me.id];
}

/** useName returns the name of a conversation: that of the room, or those of the members. */
export function useName(c: Conversation | undefined, me: Me): string {
  const ids = c && c.type !== "ROOM" ? others(c, me) : [];
  const a = usePerson(ids[0]);
  const b = usePerson(ids[1]);
  const d = usePerson(ids[2]);
  const e = usePerson(ids[3]);
  if (!c) return "";
  if (c.type === "ROOM") return c.name ?? "";
  const names = [a, b, d, e].flatMap((p) => (p ? [p.displayName] : []));
  return names.join(", ") + (ids.length > named ? text.chat.andMore(ids.length - named) : "");
}
