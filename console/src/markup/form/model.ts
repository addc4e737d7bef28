// The fields of a form: what they are, what they begin with, whether values suit them, and what is
// submitted. All as the published elements and their event have it.

import type { FormValues } from "../../api/chat";

export type Kind = "text" | "area" | "checkbox" | "radio" | "select" | "date" | "time" | "zone" | "persons" | "rooms";

/** The value of one field. Boxes: whether it is checked. Several choices and selectors: lists. */
export type Value = string | boolean | string[];

export interface Field {
  key: string;
  element: Element;
  name: string;
  kind: Kind;
  label: string;
  required: boolean;
  multiple: boolean;
  autoSubmit: boolean;
  unchecked: boolean;
  least: number;
  most: number;
  from: string;
  to: string;
  pattern: string;
  complaint: string;
  /** The value of a box, or those of a choice. */
  options: { value: string; label: string }[];
  initial: Value;
}

export type Values = Record<string, Value>;

/** Why a value was refused, by the keys of fields; the texts are in text/en/chat.ts. */
export type Problem =
  | { why: "required" | "date" | "time" }
  | { why: "short" | "long" | "few" | "many"; n: number }
  | { why: "before" | "after"; bound: string }
  | { why: "pattern"; said: string }
  | { why: "disabled" };

const isTrue = (e: Element, ...names: string[]) => names.some((n) => e.getAttribute(n)?.toLowerCase() === "true");

/** kindOf returns what kind of field an element is; undefined for all others. */
export function kindOf(e: Element): Kind | undefined {
  switch (e.nodeName) {
    case "input":
      switch (e.getAttribute("type")) {
        case "checkbox":
        case "radio":
        case "date":
        case "time":
          return e.getAttribute("type") as Kind;
        default:
          return "text";
      }
    case "textarea":
      return "area";
    case "select":
      return "select";
    case "div":
      switch ((e.getAttribute("class") ?? "").split(" ")[0]) {
        case "person-selector":
          return "persons";
        case "room-selector":
          return "rooms";
        case "timezone-picker":
          return "zone";
        case "date-selector":
          return "date";
      }
  }
  return undefined;
}

/** fieldsOf returns the fields of a form, in their order. */
export function fieldsOf(form: Element): Field[] {
  const labels = new Map<string, string>();
  for (const l of form.getElementsByTagName("label")) labels.set(l.getAttribute("for") ?? "", l.textContent ?? "");
  const list: Field[] = [];
  for (const e of form.getElementsByTagName("*")) {
    const kind = kindOf(e);
    if (kind) list.push(fieldOf(e, kind, `f${list.length}`, labels));
  }
  return list;
}

function fieldOf(e: Element, kind: Kind, key: string, labels: Map<string, string>): Field {
  const either = (name: string) => e.getAttribute(name) ?? e.getAttribute(`data-${name}`) ?? "";
  const number = (name: string) => Number.parseInt(e.getAttribute(name) ?? "", 10) || 0;
  const name = either("name");
  const options = optionsOf(e, kind);
  return {
    key,
    element: e,
    name,
    kind,
    label: labels.get(e.getAttribute("id") ?? "") || either("placeholder") || name,
    required: isTrue(e, "required", "data-required"),
    multiple: isTrue(e, "multiple"),
    autoSubmit: isTrue(e, "data-auto-submit"),
    unchecked: isTrue(e, "data-formnovalidate"),
    least: kind === "select" ? number("data-min") : number("minlength"),
    most: kind === "select" ? number("data-max") : number("maxlength"),
    from: e.getAttribute("min") ?? "",
    to: e.getAttribute("max") ?? "",
    pattern: e.getAttribute("pattern") ?? "",
    complaint: e.getAttribute("data-pattern-error-message") ?? "",
    options,
    initial: initialOf(e, kind),
  };
}

function optionsOf(e: Element, kind: Kind) {
  if (kind === "checkbox" || kind === "radio") return [{ value: e.getAttribute("value") ?? "on", label: "" }];
  return [...e.getElementsByTagName("option")].map((o) => ({
    value: o.getAttribute("value") ?? "",
    label: o.textContent ?? "",
  }));
}

function initialOf(e: Element, kind: Kind): Value {
  switch (kind) {
    case "checkbox":
    case "radio":
      return isTrue(e, "checked");
    case "select": {
      const chosen = [...e.getElementsByTagName("option")].filter((o) => isTrue(o, "selected"));
      const values = chosen.map((o) => o.getAttribute("value") ?? "");
      return isTrue(e, "multiple") ? values : (values[0] ?? "");
    }
    case "persons":
    case "rooms":
      return listOf(e.getAttribute("data-value")).map(String);
    case "area":
      return e.textContent ?? "";
    default:
      return e.getAttribute("value") ?? e.getAttribute("data-value") ?? "";
  }
}

/** listOf reads an attribute that holds a JSON array. */
export function listOf(json: string | null): unknown[] {
  try {
    const list: unknown = JSON.parse(json || "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

export const initial = (fields: Field[]): Values => Object.fromEntries(fields.map((f) => [f.key, f.initial]));

/** check returns why values are refused, by the keys of fields. */
export function check(fields: Field[], values: Values): Record<string, Problem> {
  const problems: Record<string, Problem> = {};
  for (const f of fields) {
    const problem = f.unchecked ? undefined : problemOf(f, values[f.key] ?? "");
    if (problem) problems[f.key] = problem;
  }
  return problems;
}

function problemOf(f: Field, value: Value): Problem | undefined {
  if (typeof value === "boolean") return undefined;
  if (value.length === 0) return f.required ? { why: "required" } : undefined;
  if (typeof value !== "string") {
    if (f.kind !== "select") return undefined;
    if (value.length < f.least) return { why: "few", n: f.least };
    return f.most > 0 && value.length > f.most ? { why: "many", n: f.most } : undefined;
  }
  if (f.kind === "date" || f.kind === "time") {
    if (f.from && value < f.from) return { why: "before", bound: f.from };
    if (f.to && value > f.to) return { why: "after", bound: f.to };
    return disabled(f, value) ? { why: "disabled" } : undefined;
  }
  if (f.kind !== "text" && f.kind !== "area") return undefined;
  const length = [...value].length;
  if (length < f.least) return { why: "short", n: f.least };
  if (f.most > 0 && length > f.most) return { why: "long", n: f.most };
  return f.pattern && !matches(f.pattern, value) ? { why: "pattern", said: f.complaint } : undefined;
}

/** matches reports whether a whole value suits a pattern. One that is no pattern here lets all through. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true; // the pod decides
  }
}

interface Interval {
  type?: string;
  day?: string;
  time?: string;
  from?: string;
  to?: string;
  daysOfWeek?: number[];
}

/** disabled reports whether the author of the form has ruled out a date or a time. */
export function disabled(f: Field, value: string): boolean {
  const list = listOf(f.element.getAttribute(f.kind === "date" ? "data-disabled-date" : "data-disabled-time"));
  return list.some((item) => {
    const i = item as Interval;
    if (i.from && i.to) return value >= i.from && value <= i.to;
    if (i.daysOfWeek) return i.daysOfWeek.includes(new Date(`${value}T12:00:00Z`).getUTCDay());
    return value === (i.day ?? i.time);
  });
}

/** submission returns the published formValues. action: the name of the button, or of the field. */
export function submission(fields: Field[], values: Values, action: string): FormValues {
  const out: FormValues = {};
  const put = (name: string, value: unknown) => {
    if (!(name in out)) {
      out[name] = value;
      return;
    }
    const before = out[name];
    out[name] = several.has(name) ? [...(before as unknown[]), value] : [before, value];
    several.add(name);
  };
  const several = new Set<string>();
  for (const f of fields) {
    if (!f.name) continue;
    const value = values[f.key] ?? "";
    switch (f.kind) {
      case "checkbox":
      case "radio":
        if (value === true) put(f.name, f.options[0]?.value ?? "on");
        break;
      case "persons":
        put(f.name, (value as string[]).map(Number));
        break;
      case "rooms":
        put(f.name, { userIds: [], streamIds: (value as string[]).map(standard) });
        break;
      default:
        put(f.name, value);
    }
  }
  return { ...out, action };
}

/** standard returns the other way to write a stream's id, which a room-selector submits. */
function standard(id: string): string {
  const text = id.replaceAll("-", "+").replaceAll("_", "/");
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}
