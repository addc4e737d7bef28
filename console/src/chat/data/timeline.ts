// The messages of a stream as they are kept, and as the rows that are shown.

import type { Message } from "../../api/chat";

export interface Timeline {
  /** In the order in which they were sent, each once. */
  messages: Message[];
  /** Nothing older exists. */
  begun: boolean;
  /** The ids of messages whose content was hidden since the page was opened. */
  suppressed: Record<string, true>;
}

/** A message with its versions: the newest one, at the place of the first one. */
export interface Entry {
  key: string;
  at: number;
  message: Message;
  edited: boolean;
  suppressed: boolean;
}

/** A message as it is shown. */
export interface Row {
  key: string;
  entry: Entry;
  /** The first one of its day: the day is written above it. */
  newDay: boolean;
  /** The first one of a group of the same author. */
  first: boolean;
}

export const empty: Timeline = { messages: [], begun: false, suppressed: {} };

/** add returns a timeline with more messages, which may be there already. */
export function add(to: Timeline, more: Message[], begun = to.begun): Timeline {
  const known = new Map(to.messages.map((m) => [m.messageId, m]));
  for (const m of more) known.set(m.messageId, { ...known.get(m.messageId), ...m });
  for (const m of more) {
    const before = m.replacing ? known.get(m.replacing) : undefined;
    if (before && !before.replacedBy) known.set(before.messageId, { ...before, replacedBy: m.messageId });
  }
  const messages = [...known.values()].sort((a, b) => a.timestamp - b.timestamp);
  return { ...to, messages, begun };
}

export function hide(to: Timeline, messageId: string): Timeline {
  return { ...to, suppressed: { ...to.suppressed, [messageId]: true } };
}

/** entries returns the messages that are shown, in their order. */
export function entries({ messages, begun, suppressed }: Timeline): Entry[] {
  const oldest = messages[0]?.timestamp ?? 0;
  const byRoot = new Map<string, Entry>();
  for (const m of messages) {
    const key = m.initialMessageId ?? m.messageId;
    const known = byRoot.get(key);
    const hidden = suppressed[m.messageId] === true;
    if (known) {
      known.message = m;
      known.edited = true;
      known.suppressed ||= hidden;
      continue;
    }
    const edited = m.initialMessageId !== undefined;
    byRoot.set(key, { key, at: m.initialTimestamp ?? m.timestamp, message: m, edited, suppressed: hidden });
  }
  // a version whose first one is further up is shown when the list reaches that place
  const shown = [...byRoot.values()].filter((e) => begun || e.at >= oldest);
  return shown.sort((a, b) => a.at - b.at);
}

/** together is how long messages of one author count as one group, in milliseconds. */
const together = 5 * 60_000;

/** rows returns the messages with the days above them, grouped by their authors. */
export function rows(list: Entry[]): Row[] {
  const out: Row[] = [];
  let last: Entry | undefined;
  for (const entry of list) {
    const newDay = !last || dayOf(last.at) !== dayOf(entry.at);
    const first =
      newDay ||
      !last ||
      last.message.user.userId !== entry.message.user.userId ||
      entry.at - last.at > together ||
      entry.message.parentMessageId !== undefined;
    out.push({ key: entry.key, entry, newDay, first });
    last = entry;
  }
  return out;
}

function dayOf(at: number): string {
  const day = new Date(at);
  return `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}`;
}
