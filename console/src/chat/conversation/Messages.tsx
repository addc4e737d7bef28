import { useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Message } from "../../api/chat";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { useRoute } from "../../parts/route";
import { text } from "../../text";
import { readOlder } from "../data/caches";
import { type Entry, rows as rowsOf } from "../data/timeline";
import { dayName } from "../times";
import { MessageView } from "./MessageView";

interface Props {
  me: Me;
  stream: string;
  list: Entry[];
  /** Nothing older exists. */
  begun: boolean;
  loaded: boolean;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
}

const near = 600; // pixels from the top at which older messages are read

/** The messages of a conversation. Only those that can be seen are in the page. */
export function Messages({ me, stream, list, begun, loaded, reply, edit }: Props) {
  const queries = useQueryClient();
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string>();
  const [reading, setReading] = useState(false);
  const rows = useMemo(() => rowsOf(list), [list]);
  const view = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (i) => (rows[i]?.first ? 60 : 28),
    getItemKey: (i) => rows[i]?.key ?? i,
    overscan: 10,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: 80,
    paddingStart: 12,
    paddingEnd: 8,
  });
  const older = async () => {
    if (begun || reading || !loaded) return;
    setReading(true);
    await readOlder(queries, stream).catch(() => undefined); // the next scrolling tries again
    setReading(false);
  };
  useTarget(rows, begun, loaded, older, (index) => {
    const row = rows[index];
    view.scrollToIndex(index, { align: "center" });
    if (row) setActive(row.key);
  });
  // The end is where a conversation opens. Sizes are known only after the first rows were measured.
  const opened = useRef(false);
  useEffect(() => {
    if (opened.current || rows.length === 0) return;
    opened.current = true;
    view.scrollToIndex(rows.length - 1, { align: "end" });
  }, [rows.length, view]);

  const move = (event: KeyboardEvent) => {
    if (event.target !== scroll.current && !(event.target as Element).matches("article")) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = active ? rows.findIndex((r) => r.key === active) + step : rows.length - 1;
    const row = rows[next];
    if (!row) return;
    setActive(row.key);
    view.scrollToIndex(next);
    requestAnimationFrame(() => document.getElementById(`message-${row.key}`)?.focus());
  };
  const away = loaded && rows.length > 0 && !atEnd(scroll.current);
  const [, scrolled] = useState(0);
  return (
    <div className="messages-frame" data-pane>
      {/** biome-ignore lint/a11y/useSemanticElements: no fieldset */}
      <div
        ref={scroll}
        className="messages"
        role="group"
        aria-label={text.chat.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and arrow keys go from message to message
        tabIndex={0}
        data-pane-focus
        onKeyDown={move}
        onScroll={(event) => {
          if (event.currentTarget.scrollTop < near) older();
          scrolled((n) => n + 1);
        }}
      >
        <div className="rows" style={{ height: view.getTotalSize() }}>
          {begun && <p className="begun">{text.chat.begun}</p>}
          {reading && (
            <p className="begun" role="status">
              {text.chat.older}
            </p>
          )}
          {view.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                data-index={item.index}
                ref={view.measureElement}
                className="row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row.newDay && (
                  <div className="day">
                    <span>{dayName(row.entry.at)}</span>
                  </div>
                )}
                <MessageView
                  me={me}
                  stream={stream}
                  entry={row.entry}
                  first={row.first}
                  active={row.key === active}
                  last={item.index === rows.length - 1}
                  activate={setActive}
                  reply={reply}
                  edit={edit}
                />
              </div>
            );
          })}
        </div>
      </div>
      {away && (
        <Button
          icon
          className="to-newest"
          aria-label={text.chat.newest}
          onPress={() => view.scrollToIndex(rows.length - 1, { align: "end" })}
        >
          <Icon name="down" />
        </Button>
      )}
    </div>
  );
}

const atEnd = (e: HTMLElement | null) => !e || e.scrollHeight - e.scrollTop - e.clientHeight < 200;

const mostPages = 40; // that are read to reach a message

/** useTarget shows the message that the address names, and reads older ones until it is there. */
function useTarget(
  rows: { key: string }[],
  begun: boolean,
  loaded: boolean,
  older: () => void,
  show: (index: number) => void,
) {
  const { parts } = useRoute();
  const target = parts[2];
  const shown = useRef<string>(undefined);
  const pages = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each page that was read
  useEffect(() => {
    if (!target || !loaded || shown.current === target) return;
    const index = rows.findIndex((r) => r.key === target);
    if (index >= 0) {
      shown.current = target;
      pages.current = 0;
      requestAnimationFrame(() => show(index));
      return;
    }
    if (begun || pages.current++ > mostPages) shown.current = target;
    else older();
  }, [target, rows, begun, loaded]);
}
