import { useRef } from "react";
import { tellTyping } from "../../api/chat";

const every = 3_000; // milliseconds between two notices

/** useTyping returns what to call at each change of what is typed. */
export function useTyping(stream: string): () => void {
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (now - last.current < every) return;
    last.current = now;
    tellTyping(stream).catch(() => undefined); // a notice may be lost
  };
}
