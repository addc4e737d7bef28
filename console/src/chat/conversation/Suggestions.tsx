import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useMemo, useState } from "react";
import { searchPeople } from "../../api/chat";
import type { Me } from "../../api/session";
import { timelineKey } from "../data/caches";
import type { Timeline } from "../data/timeline";
import { commandsIn } from "./commands";
import type { Trigger } from "./completion";
import type { Mention } from "./compose";
import { emoji } from "./emoji";

export interface Suggestion {
  key: string;
  /** What is written into the message. */
  insert: string;
  label: string;
  more: string;
  mention?: Mention;
}

const most = 8;

/** useSuggestions returns what can complete the text that was begun, and which one is chosen. */
export function useSuggestions(stream: string, me: Me, trigger: Trigger | undefined) {
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState<string>();
  const words = useDeferredValue(trigger?.words ?? "");
  const kind = trigger?.kind;
  const people = useQuery({
    queryKey: ["suggest", words],
    queryFn: () => searchPeople(words, false, most),
    enabled: kind === "person" && words !== "",
    staleTime: 30_000,
    gcTime: 60_000,
  });
  const queries = useQueryClient();
  const messages = queries.getQueryData<Timeline>(timelineKey(stream))?.messages;
  const commands = useMemo(
    () => (kind === "command" ? commandsIn(messages ?? [], me.id) : []),
    [kind, messages, me.id],
  );
  const all: Suggestion[] =
    kind === "person"
      ? (people.data ?? []).map((p) => ({
          key: String(p.id),
          insert: `@${p.displayName}`,
          label: p.displayName,
          more: [p.title, p.company].filter(Boolean).join(" · "),
          mention: { id: p.id, name: p.displayName },
        }))
      : kind === "command"
        ? commands
            .filter((c) => c.name.slice(1).startsWith(words))
            .map((c) => ({ key: c.name, insert: c.name, label: c.name, more: c.about }))
        : kind === "emoji"
          ? Object.keys(emoji)
              .filter((code) => code.includes(words))
              .map((code) => ({ key: code, insert: `:${code}:`, label: `${emoji[code]} ${code}`, more: "" }))
          : [];
  // what is complete needs no suggestion: Enter sends it
  const complete = kind === "command" && all.length === 1 && all[0]?.label === `/${words}`;
  const list = closed === kind || complete ? [] : all.slice(0, most);
  const chosen = Math.min(at, Math.max(0, list.length - 1));
  return {
    list,
    at: chosen,
    close: () => setClosed(kind),
    reopen: () => {
      setClosed(undefined);
      setAt(0);
    },
    /** press handles a key; true: it was for the suggestions. */
    press: (event: KeyboardEvent, complete: (index: number) => void): boolean => {
      if (list.length === 0) return false;
      switch (event.key) {
        case "ArrowDown":
          setAt((chosen + 1) % list.length);
          break;
        case "ArrowUp":
          setAt((chosen + list.length - 1) % list.length);
          break;
        case "Enter":
        case "Tab":
          if (event.shiftKey) return false;
          complete(chosen);
          break;
        case "Escape":
          setClosed(kind);
          break;
        default:
          return false;
      }
      event.preventDefault();
      return true;
    },
  };
}

export const optionID = (index: number) => `suggestion-${index}`;

interface Props {
  label: string;
  list: Suggestion[];
  at: number;
  choose: (index: number) => void;
}

/** The list above the field. The focus stays in the field. */
export function Suggestions({ label, list, at, choose }: Props) {
  return (
    <div className="suggestions popover" role="listbox" id="suggestions" aria-label={label} tabIndex={-1}>
      {list.map((s, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
        <div
          key={s.key}
          id={optionID(i)}
          role="option"
          tabIndex={-1}
          aria-selected={i === at}
          data-focused={i === at || undefined}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(i)}
        >
          {s.label}
          {s.more && <small className="more">{s.more}</small>}
        </div>
      ))}
    </div>
  );
}
