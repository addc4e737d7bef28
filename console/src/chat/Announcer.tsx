import { useEffect, useState } from "react";
import { plain } from "../markup/parse";
import { text } from "../text";
import { looked, newest } from "./data/live";
import { useStore } from "./data/store";

const kept = 5;

/** Tells screen readers the new messages of the conversation that is open. */
export function Announcer() {
  const message = useStore(newest, (m) => m);
  const [said, setSaid] = useState<{ id: string; text: string }[]>([]);
  useEffect(() => {
    if (!message || message.stream.streamId !== looked.get()) return;
    const what = { id: message.messageId, text: text.chat.said(message.user.displayName, plain(message.message)) };
    setSaid((list) => [...list.slice(1 - kept), what]);
  }, [message]);
  return (
    <div className="visually-hidden" role="log" aria-live="polite">
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
