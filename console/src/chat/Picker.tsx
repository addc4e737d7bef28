import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useState } from "react";
import { Button as Aria } from "react-aria-components";
import { Icon } from "../parts/Icon";
import { text } from "../text";

export interface Found {
  id: string;
  label: string;
  /** What tells it from others of the same name. */
  more?: string;
}

export interface Props {
  label: string;
  id?: string;
  hideLabel?: boolean;
  placeholder?: string | undefined;
  describedBy?: string | undefined;
  isInvalid?: boolean | undefined;
  isDisabled?: boolean;
  autoFocus?: boolean;
  find: (words: string) => Promise<Found[]>;
  leaveOut: string[];
  onPick: (found: Found) => void;
}

/** A field that finds people or rooms while one types. Arrow keys choose, Enter picks. */
export function Picker({ label, hideLabel, find, leaveOut, onPick, ...props }: Props) {
  const made = useId();
  const id = props.id ?? made;
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(words.trim());
  const answer = useQuery({
    queryKey: ["picker", label, wanted],
    queryFn: () => find(wanted),
    enabled: wanted !== "",
    gcTime: 30_000,
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
  const open = wanted !== "" && words !== "";
  const found = open ? (answer.data ?? []).filter((f) => !leaveOut.includes(f.id)) : [];
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const pick = (one: Found | undefined) => {
    if (!one) return;
    onPick(one);
    setWords("");
    setAt(0);
  };
  const press = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === "ArrowDown" && found.length > 0) setAt((chosen + 1) % found.length);
    else if (event.key === "ArrowUp" && found.length > 0) setAt((chosen + found.length - 1) % found.length);
    else if (event.key === "Enter") pick(found[chosen]);
    else if (event.key === "Escape") setWords("");
    else return;
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list, not the dialog
  };
  return (
    <div className="field picker">
      <label className={hideLabel ? "visually-hidden" : ""} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
        aria-describedby={props.describedBy}
        aria-invalid={props.isInvalid}
        disabled={props.isDisabled}
        // biome-ignore lint/a11y/noAutofocus: the first field of a dialog
        autoFocus={props.autoFocus}
        placeholder={props.placeholder ?? text.chat.find}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={press}
        onBlur={() => setWords("")}
      />
      {open && (
        <div className="popover options" id={`${id}-list`} role="listbox" aria-label={label} tabIndex={-1}>
          {found.length === 0 && (
            <div className="none" role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
              {answer.isFetching ? text.loading : text.chat.noneFound}
            </div>
          )}
          {found.map((one, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
            <div
              key={one.id}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === chosen}
              data-focused={i === chosen || undefined}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => pick(one)}
            >
              {one.label}
              {one.more && <small className="more">{one.more}</small>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

interface ChosenProps {
  label: string;
  list: { id: string; label: ReactNode }[];
  onRemove: (id: string) => void;
  isDisabled?: boolean;
}

/** What was picked, with buttons that take it away. */
export function Chosen({ label, list, onRemove, isDisabled = false }: ChosenProps) {
  if (list.length === 0) return null;
  return (
    <ul className="chosen" aria-label={label}>
      {list.map(({ id, label }) => (
        <li key={id}>
          <span id={`chosen-${id}`}>{label}</span>
          <Aria
            className="remove"
            isDisabled={isDisabled}
            aria-label={text.chat.remove}
            aria-describedby={`chosen-${id}`}
            onPress={() => onRemove(id)}
          >
            <Icon name="close" size={14} />
          </Aria>
        </li>
      ))}
    </ul>
  );
}
