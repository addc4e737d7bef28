import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Attributes, createPerson, type Role } from "../../api/admin";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { Modal } from "../../parts/Modal";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";

const t = text.admin.people;

/** A form for a new account. */
export function CreatePerson({ roles, onClose }: { roles: Role[]; onClose: () => void }) {
  const queries = useQueryClient();
  const doing = useAct();
  const [kind, setKind] = useState<"NORMAL" | "SYSTEM">("NORMAL");
  const [role, setRole] = useState("");
  const service = kind === "SYSTEM";
  const names = service
    ? ["userName", "emailAddress", "displayName"]
    : ["firstName", "lastName", "userName", "emailAddress", "displayName", "title", "department", "location"];
  const fields = [...names, "key", "roles"];
  const said = problems(doing.error, fields);
  const fitting = roles.filter((r) => r.id !== "INDIVIDUAL" && r.userTypes.includes(kind));

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const attributes: Attributes = { accountType: kind };
    for (const name of names) {
      const value = String(form.get(name) ?? "").trim();
      if (value) attributes[name] = value;
    }
    if (!attributes.displayName)
      attributes.displayName = `${attributes.firstName ?? ""} ${attributes.lastName ?? ""}`.trim();
    const key = String(form.get("key") ?? "").trim();
    if (key) attributes.currentKey = { key };
    const made = await doing.act(async () => {
      const created = await createPerson(attributes, role ? [role] : []);
      await queries.invalidateQueries({ queryKey: ["people"] });
      go(to("admin", "people", created.userSystemInfo.id));
    });
    if (made) onClose();
  };

  return (
    <Modal title={t.create} isOpen onClose={onClose}>
      <form className="admin-form" onSubmit={submit} noValidate>
        <Choice
          label={t.kind}
          options={[
            { id: "NORMAL", label: t.person },
            { id: "SYSTEM", label: t.service },
          ]}
          value={kind}
          onChange={(chosen) => {
            setKind(chosen as typeof kind);
            setRole("");
          }}
        />
        <div className="form-grid">
          {names.map((name) => (
            <Field
              key={name}
              name={name}
              label={t.fields[name as keyof typeof t.fields]}
              type={name === "emailAddress" ? "email" : "text"}
              autoComplete="off"
              problem={said.at(name)}
            />
          ))}
        </div>
        <Choice
          label={t.columns.roles}
          options={[{ id: "", label: text.admin.none }, ...fitting.map((r) => ({ id: r.id, label: r.name }))]}
          value={role}
          onChange={setRole}
          problem={said.at("roles")}
        />
        {service && <Field name="key" label={t.key} hint={t.keyHint} rows={4} problem={said.at("key")} />}
        {said.rest && <Banner kind="bad">{said.rest}</Banner>}
        <div className="actions">
          <Button onPress={onClose}>{text.cancel}</Button>
          <Button look="primary" type="submit" isDisabled={doing.busy}>
            {text.admin.create}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
