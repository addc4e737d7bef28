import type { FormEvent } from "react";
import { type Attributes, updatePerson } from "../../api/admin";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Outcome } from "../parts/Head";
import { AvatarPart } from "./AvatarPart";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** The attributes of an account. */
export function Profile({ detail, changed }: PartProps) {
  const doing = useAct();
  const service = detail.userAttributes.accountType === "SYSTEM";
  const names = (Object.keys(t.fields) as (keyof typeof t.fields)[]).filter(
    (name) =>
      !service || ["userName", "emailAddress", "displayName", "companyName", "department", "location"].includes(name),
  );
  const said = problems(doing.error, names);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const change: Attributes = {};
    for (const name of names) {
      const value = String(form.get(name) ?? "").trim();
      if (value !== (detail.userAttributes[name] ?? "")) change[name] = value;
    }
    doing.act(async () => {
      await updatePerson(detail.userSystemInfo.id, change);
      await changed();
    }, t.saved);
  };
  return (
    <div className="admin-columns">
      <form className="card admin-form" onSubmit={submit} noValidate>
        <div className="form-grid">
          {names.map((name) => (
            <Field
              key={name}
              name={name}
              label={t.fields[name]}
              defaultValue={String(detail.userAttributes[name] ?? "")}
              autoComplete="off"
              problem={said.at(name)}
            />
          ))}
        </div>
        <Outcome error={said.rest ? doing.error : null} done={doing.done} />
        <div className="actions">
          <Button look="primary" type="submit" isDisabled={doing.busy}>
            {text.admin.save}
          </Button>
        </div>
      </form>
      <AvatarPart detail={detail} changed={changed} />
    </div>
  );
}
