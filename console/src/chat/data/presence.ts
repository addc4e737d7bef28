// The presence of all people of the company, followed by one stream of events.

import type { Category, Presence } from "../../api/chat";
import { watch } from "../../api/events";
import { whileFocused } from "./focus";
import { Store, useStore } from "./store";

const all = new Store<ReadonlyMap<number, Category>>(new Map());

/** followPresence follows the presence of the company's people until the returned function is called. */
export function followPresence(): () => void {
  let waiting: Presence[] = [];
  let last = "0-0"; // begins with what is now
  const apply = () => {
    const next = new Map(all.get());
    for (const p of waiting) next.set(p.userId, p.category);
    waiting = [];
    all.set(next);
  };
  return whileFocused(() =>
    watch({
      path: "/podium/v1/presence/events",
      from: last,
      on: (event) => {
        last = event.id || last;
        waiting.push(JSON.parse(event.data) as Presence);
        if (waiting.length === 1) queueMicrotask(apply); // the many of the beginning count once
      },
    }),
  );
}

/** told takes note of a presence that an answer has told. */
export function told(p: Presence) {
  all.set(new Map(all.get()).set(p.userId, p.category));
}

export const presenceNow = (user: number): Category => all.get().get(user) ?? "OFFLINE";

export function usePresence(user: number | undefined): Category {
  return useStore(all, () => (user === undefined ? "OFFLINE" : presenceNow(user)));
}
