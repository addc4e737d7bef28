import { useQuery } from "@tanstack/react-query";
import { type User, usersById } from "../../api/admin";

const most = 100; // accounts in one look-up

/** useNames looks accounts up by their ids. */
export function useNames(ids: (number | string)[]) {
  const wanted = [...new Set(ids.map(Number))].filter((id) => id > 0).sort((a, b) => a - b);
  const found = useQuery({
    queryKey: ["people", "names", wanted],
    enabled: wanted.length > 0,
    queryFn: async () => {
      const names = new Map<number, User>();
      for (let i = 0; i < wanted.length; i += most) {
        const answer = await usersById(wanted.slice(i, i + most));
        for (const u of answer?.users ?? []) names.set(u.id, u);
      }
      return names;
    },
  });
  return (id: number | string) => found.data?.get(Number(id))?.displayName ?? String(id);
}
