import type { ReactNode } from "react";
import { text } from "../../text";
import { Boxes, Choice, Zone } from "./choices";
import { type Field, kindOf, type Problem, type Value } from "./model";
import { People, Rooms } from "./selectors";
import { useForm } from "./state";

/** field returns the control for an element that is a field; undefined for all others. */
export function field(of: Element, key: number): ReactNode | undefined {
  return kindOf(of) ? <Control key={key} of={of} /> : undefined;
}

/** What the control of a field is given. */
export interface ControlProps {
  field: Field;
  value: Value;
  change: (value: Value) => void;
  /** The attributes that all controls have. */
  attributes: {
    id: string;
    "aria-label": string | undefined;
    "aria-describedby": string | undefined;
    "aria-invalid": boolean | undefined;
    "aria-required": boolean | undefined;
    disabled: boolean;
  };
}

function Control({ of }: { of: Element }) {
  const form = useForm();
  const field = form?.fields.get(of);
  if (!form || !field) return null;
  const problem = form.problems[field.key];
  const id = `${form.id}${field.key}`;
  const labelled = of.hasAttribute("id"); // the pod gives an id to those fields that have a label
  const disabled = form.closed || of.getAttribute("disabled")?.toLowerCase() === "true";
  const props: ControlProps = {
    field,
    value: form.values[field.key] ?? "",
    change: (value) => form.change(field, value),
    attributes: {
      id,
      "aria-label": labelled ? undefined : nameOf(field),
      "aria-describedby": problem ? `${id}-problem` : undefined,
      "aria-invalid": problem ? true : undefined,
      "aria-required": field.required || undefined,
      disabled,
    },
  };
  return (
    <>
      <Kind {...props} />
      {problem && (
        <span className="problem" id={`${id}-problem`}>
          {complaint(problem)}
        </span>
      )}
    </>
  );
}

function nameOf(field: Field): string {
  if (/^tablesel-(?:header|footer)$/.test(field.name)) return text.markup.selectAll;
  const row = /^tablesel-row-(\d+)$/.exec(field.name);
  return row ? text.markup.selectRow(Number(row[1])) : field.label;
}

function Kind(props: ControlProps) {
  const { field, value, change, attributes } = props;
  const e = field.element;
  const readOnly = e.getAttribute("readonly")?.toLowerCase() === "true";
  const form = useForm();
  switch (field.kind) {
    case "text":
      return (
        <input
          {...attributes}
          type={e.getAttribute("data-masked")?.toLowerCase() === "true" ? "password" : "text"}
          autoComplete="off"
          placeholder={e.getAttribute("placeholder") ?? undefined}
          readOnly={readOnly}
          value={String(value)}
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && field.autoSubmit) form?.submit(field.name, true);
          }}
        />
      );
    case "area":
      return (
        <textarea
          {...attributes}
          className={e.hasAttribute("data-richtext") ? "rich" : undefined}
          placeholder={e.getAttribute("placeholder") ?? undefined}
          readOnly={readOnly}
          rows={Math.min(Number(e.getAttribute("rows")) || 3, 20)}
          value={String(value)}
          onChange={(event) => change(event.target.value)}
        />
      );
    case "checkbox":
    case "radio":
      return (
        <input
          {...attributes}
          type={field.kind}
          name={field.kind === "radio" ? `${form?.id}${field.name}` : undefined}
          checked={value === true}
          onChange={(event) => !readOnly && change(event.target.checked)}
        />
      );
    case "date":
      return (
        <input
          {...attributes}
          type="date"
          min={field.from || undefined}
          max={field.to || undefined}
          readOnly={readOnly}
          value={String(value)}
          onChange={(event) => change(event.target.value)}
        />
      );
    case "time":
      return (
        <input
          {...attributes}
          type="time"
          min={field.from || undefined}
          max={field.to || undefined}
          step={Number(e.getAttribute("step")) || undefined}
          readOnly={readOnly}
          value={String(value)}
          onChange={(event) => change(withSeconds(event.target.value))}
        />
      );
    case "zone":
      return <Zone {...props} />;
    case "select":
      return field.multiple ? <Boxes {...props} /> : <Choice {...props} readOnly={readOnly} />;
    case "persons":
      return <People {...props} />;
    case "rooms":
      return <Rooms {...props} />;
  }
}

/** withSeconds adds the seconds that a browser leaves out when they are none. */
const withSeconds = (time: string) => (/^\d\d:\d\d$/.test(time) ? `${time}:00` : time);

function complaint(p: Problem): string {
  const says = text.markup.problems;
  switch (p.why) {
    case "short":
    case "long":
    case "few":
    case "many":
      return says[p.why](p.n);
    case "before":
    case "after":
      return says[p.why](p.bound);
    case "pattern":
      return p.said || says.pattern;
    default:
      return says[p.why];
  }
}
