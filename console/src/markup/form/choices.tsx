import { useMemo } from "react";
import { text } from "../../text";
import type { ControlProps } from "./field";
import { listOf } from "./model";

/** One of some options. */
export function Choice({ field, value, change, attributes, readOnly }: ControlProps & { readOnly: boolean }) {
  const none = field.options.some((o) => o.value === "");
  return (
    <select {...attributes} value={String(value)} onChange={(event) => !readOnly && change(event.target.value)}>
      {!none && <option value="">{field.element.getAttribute("data-placeholder") ?? text.markup.choose}</option>}
      {field.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** Several of some options. */
export function Boxes({ field, value, change, attributes }: ControlProps) {
  const chosen = Array.isArray(value) ? value : [];
  const toggle = (option: string) =>
    change(chosen.includes(option) ? chosen.filter((c) => c !== option) : [...chosen, option]);
  const { id, disabled, "aria-describedby": describedBy } = attributes;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the fieldset is the form
    <div id={id} tabIndex={-1} role="group" aria-label={field.label} aria-describedby={describedBy} className="boxes">
      {field.options.map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            disabled={disabled}
            checked={chosen.includes(option.value)}
            onChange={() => toggle(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

/** A time zone. */
export function Zone({ field, value, change, attributes }: ControlProps) {
  const zones = useMemo(() => {
    const out = new Set(listOf(field.element.getAttribute("data-disabled-timezone")));
    const all = Intl.supportedValuesOf("timeZone");
    const given = field.initial as string;
    const list = given && !all.includes(given) ? [given, ...all] : all;
    return list.filter((zone) => !out.has(zone));
  }, [field]);
  return (
    <select {...attributes} value={String(value)} onChange={(event) => change(event.target.value)}>
      <option value="">{field.element.getAttribute("data-placeholder") ?? text.markup.choose}</option>
      {zones.map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}
