// People by their ids, looked up together with others that are asked for at the same time.

import { useQuery } from "@tanstack/react-query";
import { type Person, people } from "../../api/chat";

interface Wanted {
  id: number;
  found: (person: Person | null) => void;
  failed: (error: unknown) => void;
}

const most = 100;
let waiting: Wanted[] = [];

/** person returns a user; null for one who does not exist. */
export function person(id: number): Promise<Person | null> {
  return new Promise((found, failed) => {
    waiting.push({ id, found, failed });
    if (waiting.length === 1) queueMicrotask(() => setTimeout(ask));
    if (waiting.length >= most) ask();
  });
}

async function ask() {
  const asked = waiting;
  waiting = [];
  if (asked.length === 0) return;
  try {
    const ids = [...new Set(asked.map((w) => w.id))];
    const byID = new Map((await people(ids)).map((p) => [p.id, p]));
    for (const w of asked) w.found(byID.get(w.id) ?? null);
  } catch (error) {
    for (const w of asked) w.failed(error);
  }
}

export const personKey = (id: number) => ["person", id];

/** usePerson returns a user, as soon as it is known. */
export function usePerson(id: number | undefined): Person | undefined {
  const found = useQuery({
    queryKey: personKey(id ?? 0),
    queryFn: () => person(id ?? 0),
    enabled: id !== undefined,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return found.data ?? undefined;
}
