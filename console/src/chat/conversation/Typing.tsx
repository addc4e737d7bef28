import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { watch } from "../../api/events";
import { text } from "../../text";
import { whileFocused } from "../data/focus";
import { newest } from "../data/live";
import { usePerson } from "../data/people";

const shownFor = 6_000; // milliseconds after the last notice

/** Who is typing in a conversation. The same stream of events tells who has read the own messages. */
export function Typing({ stream }: { stream: string }) {
  const [typing, setTyping] = useState<number[]>([]);
  const queries = useQueryClient();
  useEffect(() => {
    const timers = new Map<number, ReturnType<typeof setTimeout>>();
    const end = (user: number) => {
      clearTimeout(timers.get(user));
      timers.delete(user);
      setTyping([...timers.keys()]);
    };
    const reading = () => queries.invalidateQueries({ queryKey: ["status", stream] });
    const stop = whileFocused(() =>
      watch({
        path: `/podium/v1/stream/${encodeURIComponent(stream)}/typing/events`,
        connected: (yes) => {
          if (yes) reading(); // what was missed
        },
        on: (event) => {
          const { userId } = JSON.parse(event.data) as { userId: number };
          if (event.type === "read") {
            reading();
            return;
          }
          clearTimeout(timers.get(userId));
          timers.set(
            userId,
            setTimeout(() => end(userId), shownFor),
          );
          setTyping([...timers.keys()]);
        },
      }),
    );
    // a message ends what its author was typing
    const stopMessages = newest.follow(() => {
      const m = newest.get();
      if (m?.stream.streamId === stream) end(m.user.userId);
    });
    return () => {
      stop();
      stopMessages();
      for (const timer of timers.values()) clearTimeout(timer);
    };
  }, [queries, stream]);
  const first = usePerson(typing[0]);
  const second = usePerson(typing[1]);
  const names = [first, second, ...typing.slice(2)].flatMap((p) =>
    p === undefined ? [] : [typeof p === "number" ? String(p) : p.displayName],
  );
  return (
    <p className="typing" role="status">
      {names.length > 0 && text.chat.typing(names)}
    </p>
  );
}
