import { useQueries } from "@tanstack/react-query";
import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { others } from "./names";
import { person, personKey } from "./people";

const most = 20; // conversations that are shown
const looked = 500; // of which the members are looked up

const folded = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** useMatching returns the conversations in whose name all words occur. */
export function useMatching(list: Conversation[], words: string, me: Me): Conversation[] {
  const ids = [...new Set(list.flatMap((c) => (c.type === "ROOM" ? [] : others(c, me))))].slice(0, looked);
  const names = useQueries({
    queries: ids.map((id) => ({
      queryKey: personKey(id),
      queryFn: () => person(id),
      gcTime: Number.POSITIVE_INFINITY,
    })),
    combine: (found) => new Map(found.map((f, i) => [ids[i], f.data?.displayName ?? ""])),
  });
  const wanted = folded(words).split(/\s+/);
  const matching = list.filter((c) => {
    const name = folded(
      c.type === "ROOM"
        ? (c.name ?? "")
        : others(c, me)
            .map((id) => names.get(id) ?? "")
            .join(" "),
    );
    return wanted.every((w) => name.includes(w));
  });
  return matching.slice(0, most);
}
