import { useId, useMemo, useRef, useState } from "react";
import { Banner } from "../../parts/Banner";
import { text } from "../../text";
import { useAround } from "../context";
import { useDialogs } from "../Dialog";
import { children } from "../elements";
import { check, type Field, fieldsOf, initial, type Problem, submission, type Value, type Values } from "./model";
import { FormProvider, type FormState } from "./state";

type Stage = { at: "open" } | { at: "sending" } | { at: "sent" } | { at: "refused"; why: string };

/** A form of a message, which a person fills in and sends. */
export function Form({ of, depth }: { of: Element; depth: number }) {
  const { submit } = useAround();
  const { show } = useDialogs();
  const id = useId();
  const list = useMemo(() => fieldsOf(of), [of]);
  const fields = useMemo(() => new Map(list.map((f) => [f.element, f])), [list]);
  const [values, setValues] = useState<Values>(() => initial(list));
  const [problems, setProblems] = useState<Record<string, Problem>>({});
  const [stage, setStage] = useState<Stage>({ at: "open" });
  const root = useRef<HTMLFieldSetElement>(null);
  const again = of.getAttribute("data-multi-submit")?.toLowerCase();

  const send = async (given: Values, action: string, unchecked: boolean) => {
    const found = unchecked ? {} : check(list, given);
    setProblems(found);
    const first = list.find((f) => found[f.key]);
    if (first) {
      document.getElementById(`${id}${first.key}`)?.focus();
      return;
    }
    if (!submit) return;
    setStage({ at: "sending" });
    try {
      await submit(of.getAttribute("id") ?? "", submission(list, given, action));
      setStage({ at: "sent" });
      if (again === "reset") setValues(initial(list));
      show(undefined); // of a form in a dialog
    } catch (error) {
      setStage({ at: "refused", why: (error as Error).message });
    }
  };

  const state: FormState = {
    id,
    fields,
    values,
    problems,
    closed: !submit || stage.at === "sending" || (stage.at === "sent" && again === undefined),
    change: (field, value) => {
      const next = changed(list, values, field, value);
      setValues(next);
      if (problems[field.key]) setProblems(({ [field.key]: _, ...rest }) => rest);
      if (stage.at !== "open" && stage.at !== "sending") setStage({ at: "open" });
      if (field.autoSubmit && field.kind !== "text") send(next, field.name, true);
    },
    submit: (action, unchecked) => send(values, action, unchecked),
    reset: () => {
      setValues(initial(list));
      setProblems({});
      setStage({ at: "open" });
    },
  };

  return (
    <FormProvider value={state}>
      <fieldset className="message-form" ref={root} aria-label={text.markup.form} aria-busy={stage.at === "sending"}>
        {children(of, depth)}
        <div className="form-state" aria-live="polite">
          {stage.at === "sent" && <span className="sent">{text.markup.sent}</span>}
        </div>
        {stage.at === "refused" && <Banner kind="bad">{stage.why}</Banner>}
      </fieldset>
    </FormProvider>
  );
}

/** changed returns the values after a change. A box for all boxes of a table changes them too. */
function changed(list: Field[], values: Values, field: Field, value: Value): Values {
  const next = { ...values, [field.key]: value };
  if (field.kind === "radio" && value === true) {
    for (const f of list) if (f.kind === "radio" && f.name === field.name && f !== field) next[f.key] = false;
  }
  const boxes = list.filter((f) => f.kind === "checkbox" && /^tablesel-row-/.test(f.name));
  const all = list.filter((f) => f.kind === "checkbox" && /^tablesel-(?:header|footer)$/.test(f.name));
  if (all.includes(field)) for (const f of [...boxes, ...all]) next[f.key] = value;
  else if (boxes.includes(field)) for (const f of all) next[f.key] = boxes.every((b) => next[b.key] === true);
  return next;
}
