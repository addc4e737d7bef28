import { searchPeople } from "../api/chat";
import type { Found } from "./Picker";

/** findPeople finds people as a picker shows them. */
export const findPeople = async (words: string): Promise<Found[]> =>
  (await searchPeople(words)).map((p) => ({
    id: String(p.id),
    label: p.displayName,
    more: [p.title, p.company].filter(Boolean).join(" · "),
  }));
