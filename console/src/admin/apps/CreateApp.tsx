import { type FormEvent, useState } from "react";
import { createApplication } from "../../api/company";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Switch } from "../parts/Switch";

const t = text.admin.apps;

const permissions = [
  "ACT_AS_USER",
  "SEND_MESSAGES",
  "SUPPRESS_MESSAGES",
  "GET_USER_CONNECTIONS",
  "REQUEST_USER_CONNECTIONS",
  "GET_PRESENCE",
  "SET_PRESENCE",
  "GET_BASIC_USER_INFO",
  "GET_EXTENDED_USER_INFO",
  "GET_BASIC_CONTACT_INFO",
  "GET_EXTENDED_CONTACT_INFO",
  "LIST_USER_STREAMS",
  "CREATE_USER_STREAM",
  "MANAGE_ROOMS",
  "MANAGE_SIGNALS",
  "MANAGE_USER_FOLLOWING",
  "TRUST_APP",
];

const infoFields = ["appId", "name", "publisher", "domain", "appUrl"] as const;

/** A form for a new application. */
export function CreateApp({ changed, onClose }: { changed: () => Promise<void>; onClose: () => void }) {
  const doing = useAct();
  const [chosen, choose] = useState<string[]>([]);
  const said = problems(doing.error, [...infoFields, "description", "allowOrigins", "key"]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? "").trim() || undefined;
    const key = value("key");
    const made = await doing.act(async () => {
      await createApplication({
        applicationInfo: Object.fromEntries(infoFields.map((name) => [name, value(name)])),
        description: value("description"),
        allowOrigins: value("allowOrigins"),
        permissions: chosen,
        authenticationKeys: key ? { current: { key } } : undefined,
      });
      await changed();
    });
    if (made) onClose();
  };
  return (
    <Modal title={t.create} isOpen onClose={onClose}>
      <form className="admin-form" onSubmit={submit} noValidate>
        <div className="form-grid">
          {infoFields.map((name) => (
            <Field key={name} name={name} label={t.fields[name]} problem={said.at(name)} autoComplete="off" />
          ))}
          <Field name="allowOrigins" label={t.fields.allowOrigins} problem={said.at("allowOrigins")} />
        </div>
        <Field name="description" label={t.fields.description} problem={said.at("description")} />
        <Field name="key" label={t.fields.key} rows={4} problem={said.at("key")} />
        <fieldset className="permissions">
          <legend>{t.fields.permissions}</legend>
          {permissions.map((p) => (
            <Switch
              key={p}
              label={p}
              on={chosen.includes(p)}
              onChange={(on) => choose(on ? [...chosen, p] : chosen.filter((c) => c !== p))}
            />
          ))}
        </fieldset>
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
