import { children } from "../elements";
import { useForm } from "./state";

/** The label of a field. */
export function Label({ of }: { of: Element }) {
  const form = useForm();
  const target = of.getAttribute("for");
  const field = form && [...form.fields.values()].find((f) => f.element.getAttribute("id") === target);
  const content = children(of, 0);
  if (!form || !field) return <span className="label">{content}</span>;
  const box = field.kind === "checkbox" || field.kind === "radio";
  return (
    <label className={box ? "" : "label"} htmlFor={`${form.id}${field.key}`}>
      {content}
      {field.required && <span aria-hidden="true"> *</span>}
    </label>
  );
}
