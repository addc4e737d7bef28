import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { text } from "../../text";
import { ConversationItem } from "./ConversationItem";

interface Props {
  me: Me;
  list: Conversation[] | undefined;
  current: string | undefined;
}

const height = 60;

/** The conversations; only those that can be seen are in the page. Arrow keys go from one to another. */
export function ConversationList({ me, list, current }: Props) {
  const scroll = useRef<HTMLElement>(null);
  const items = useRef(new Map<string, HTMLAnchorElement>());
  const [active, setActive] = useState<string>();
  const focus = useRef(false);
  const count = list?.length ?? 0;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    getItemKey: (i) => list?.[i]?.id ?? i,
    overscan: 8,
  });
  const reached = active ?? current;
  const at = Math.max(0, list?.findIndex((c) => c.id === reached) ?? 0);
  useEffect(() => {
    if (!focus.current || !active) return;
    const frame = requestAnimationFrame(() => {
      items.current.get(active)?.focus();
      focus.current = false;
    });
    return () => cancelAnimationFrame(frame);
  }, [active]);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -count, End: count, PageDown: 8, PageUp: -8 }[event.key];
    if (!step || !list) return;
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, at + step));
    focus.current = true;
    setActive(list[next]?.id);
    rows.scrollToIndex(next);
  };
  if (list && count === 0) {
    return (
      <div className="empty">
        <p>{text.chat.noConversations}</p>
        <p>{text.chat.begin}</p>
      </div>
    );
  }
  const shown = rows.getVirtualItems();
  const tabbable = shown.some((v) => v.index === at) ? at : shown[0]?.index;
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: its links take the keys
    <nav ref={scroll} className="scroll" aria-label={text.chat.conversations} onKeyDown={move}>
      <ul className="conversations" style={{ height: rows.getTotalSize() }}>
        {shown.map((v) => {
          const conversation = list?.[v.index];
          return (
            conversation && (
              <li key={v.key} style={{ transform: `translateY(${v.start}px)` }}>
                <ConversationItem
                  me={me}
                  conversation={conversation}
                  current={conversation.id === current}
                  tabIndex={v.index === tabbable ? 0 : -1}
                  onFocus={() => setActive(conversation.id)}
                  ref={(element) => {
                    if (element) items.current.set(conversation.id, element);
                    else items.current.delete(conversation.id);
                  }}
                />
              </li>
            )
          );
        })}
      </ul>
    </nav>
  );
}
