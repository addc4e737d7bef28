import { useQuery } from "@tanstack/react-query";
import { type Conversation, streamInfo } from "../../api/chat";

/**
 * useConversation returns the conversation of a stream: from the list, or by asking for it, as for a
 * room that was deactivated or is public.
 */
export function useConversation(
  list: Conversation[] | undefined,
  stream: string | undefined,
): Conversation | undefined {
  const listed = list?.find((c) => c.id === stream);
  const asked = useQuery({
    queryKey: ["stream", stream],
    queryFn: () => streamInfo(stream ?? ""),
    enabled: list !== undefined && listed === undefined && stream !== undefined,
  });
  if (listed) return listed;
  const s = asked.data;
  if (!s) return undefined;
  return {
    id: s.id,
    type: s.streamType.type,
    name: s.roomAttributes?.name,
    crossPod: s.crossPod,
    members: s.streamAttributes?.members,
    activeAt: s.lastMessageDate ?? 0,
    unread: 0,
  };
}
