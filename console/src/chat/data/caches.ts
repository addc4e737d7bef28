// What is known of conversations and messages, and how it changes.

import type { QueryClient } from "@tanstack/react-query";
import { type Conversation, conversations, type Message, newestMessages } from "../../api/chat";
import { add, empty, hide, type Timeline } from "./timeline";

export const conversationsKey = ["conversations"];
export const timelineKey = (stream: string) => ["timeline", stream];

const listed = 1000; // conversations of one call
const mostListed = 20_000;
export const pageLength = 60; // messages of one call

/** allConversations reads the whole list, with a call for each thousand. */
export async function allConversations(): Promise<Conversation[]> {
  const list: Conversation[] = [];
  for (;;) {
    const page = await conversations(list.length, listed);
    list.push(...page);
    if (page.length < listed || list.length >= mostListed) break;
  }
  return [...new Map(list.map((c) => [c.id, c])).values()]; // a stream may have moved from page to page
}

/** readTimeline reads the newest messages of a stream and adds them to what is known. */
export async function readTimeline(queries: QueryClient, stream: string): Promise<Timeline> {
  const page = await newestMessages(stream, undefined, pageLength);
  const known = queries.getQueryData<Timeline>(timelineKey(stream));
  const joins = known && page.some((m) => known.messages.some((k) => k.messageId === m.messageId));
  const before = joins ? known : { ...empty, suppressed: known?.suppressed ?? {} };
  return add(before, page, (joins && known.begun) || page.length < pageLength);
}

/** readOlder reads the messages before the oldest known one. */
export async function readOlder(queries: QueryClient, stream: string): Promise<void> {
  const known = queries.getQueryData<Timeline>(timelineKey(stream));
  const oldest = known?.messages[0];
  if (!known || known.begun || !oldest) return;
  // messages of the same millisecond come again, and are dropped
  const page = await newestMessages(stream, oldest.timestamp + 1, pageLength);
  change(queries, stream, (t) => add(t, page, page.length < pageLength));
}

function change(queries: QueryClient, stream: string, how: (t: Timeline) => Timeline) {
  queries.setQueryData<Timeline>(timelineKey(stream), (t) => t && how(t));
}

/** arrived takes note of a message that was sent. me: who is looking; seen: it is being looked at. */
export function arrived(queries: QueryClient, me: number, m: Message, seen: boolean) {
  const stream = m.stream.streamId;
  change(queries, stream, (t) => add(t, [m]));
  const list = queries.getQueryData<Conversation[]>(conversationsKey);
  const known = list?.find((c) => c.id === stream);
  if (!list) return;
  if (!known) {
    queries.invalidateQueries({ queryKey: conversationsKey });
    return;
  }
  if (known.lastMessageId === m.messageId) return; // told twice
  const counts = m.user.userId !== me && !m.replacing && !seen;
  const next = {
    ...known,
    activeAt: Math.max(known.activeAt, m.timestamp),
    lastMessageId: m.messageId,
    unread: known.unread + (counts ? 1 : 0),
  };
  queries.setQueryData<Conversation[]>(conversationsKey, [next, ...list.filter((c) => c !== known)]);
}

export function suppressed(queries: QueryClient, stream: string, messageId: string) {
  change(queries, stream, (t) => hide(t, messageId));
}

/** changeConversation changes what the list shows of a stream. */
export function changeConversation(queries: QueryClient, stream: string, how: (c: Conversation) => Conversation) {
  queries.setQueryData<Conversation[]>(conversationsKey, (list) => list?.map((c) => (c.id === stream ? how(c) : c)));
}
