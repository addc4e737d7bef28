import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Conversation, markRead } from "../../api/chat";
import type { Me } from "../../api/session";
import { changeConversation } from "../data/caches";
import { whileFocused } from "../data/focus";
import type { Timeline } from "../data/timeline";

/** useMarking marks a conversation as read while a person looks at it. */
export function useMarking(
  me: Me,
  stream: string,
  conversation: Conversation | undefined,
  timeline: Timeline | undefined,
) {
  const queries = useQueryClient();
  const marked = useRef("");
  const [looking, look] = useState(false);
  useEffect(
    () =>
      whileFocused(() => {
        look(true);
        return () => look(false);
      }),
    [],
  );
  const last = timeline?.messages.findLast((m) => m.user.userId !== me.id)?.messageId;
  const unread = conversation?.unread ?? 0;
  useEffect(() => {
    if (!looking || !last) return;
    if (unread > 0) changeConversation(queries, stream, (c) => ({ ...c, unread: 0 }));
    if (marked.current === last) return;
    marked.current = last;
    markRead(stream, last).catch(() => {
      marked.current = ""; // the next message marks this one too
    });
  }, [looking, last, unread, stream, queries]);
}
