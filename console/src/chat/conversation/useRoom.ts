import { useQuery } from "@tanstack/react-query";
import { type Conversation, roomInfo, roomMembers } from "../../api/chat";
import type { Me } from "../../api/session";

/** useRoom returns what a room allows the caller. */
export function useRoom(conversation: Conversation | undefined, me: Me) {
  const id = conversation?.id ?? "";
  const enabled = conversation?.type === "ROOM";
  const info = useQuery({ queryKey: ["room", id], queryFn: () => roomInfo(id), enabled });
  const readOnly = info.data?.roomAttributes.readOnly ?? false;
  const members = useQuery({ queryKey: ["members", id], queryFn: () => roomMembers(id), enabled: enabled && readOnly });
  const owner = members.data?.some((m) => m.id === me.id && m.owner) ?? false;
  return { inactive: info.data?.roomSystemInfo.active === false, readOnly: readOnly && !owner };
}
