import { type FormEvent, useState } from "react";
import { type Attributes, updatePerson } from "../../api/admin";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { when } from "../parts/format";
import { Outcome } from "../parts/Head";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** The public keys with which an account logs in. */
export function Keys({ detail, changed }: PartProps) {
  const { currentKey, previousKey } = detail.userAttributes;
  const doing = useAct();
  const [revokes, setRevokes] = useState<"currentKey" | "previousKey">();
  const said = problems(doing.error, ["key"]);
  const update = async (change: Attributes) => {
    await updatePerson(detail.userSystemInfo.id, change);
    await changed();
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const key = String(new FormData(form).get("key")).trim();
    if (await doing.act(() => update({ currentKey: { key, action: "SAVE" } }), t.saved)) form.reset();
  };
  return (
    <div className="admin-columns">
      <section className="card admin-form" aria-labelledby="current">
        <h3 id="current">{t.currentKey}</h3>
        {currentKey?.key ? <pre className="pem">{currentKey.key}</pre> : <p className="soft">{t.noKey}</p>}
        {currentKey?.key && (
          <div className="actions">
            <Button look="danger" onPress={() => setRevokes("currentKey")}>
              {t.revoke}
            </Button>
          </div>
        )}
        <h3>{t.previousKey}</h3>
        {previousKey?.key ? (
          <>
            <p>{t.expires(when(previousKey.expirationDate))}</p>
            <pre className="pem">{previousKey.key}</pre>
            <div className="actions">
              <Button onPress={() => doing.act(() => update({ previousKey: { action: "EXTEND" } }), t.saved)}>
                {t.extend}
              </Button>
              <Button look="danger" onPress={() => setRevokes("previousKey")}>
                {t.revoke}
              </Button>
            </div>
          </>
        ) : (
          <p className="soft">{t.noKey}</p>
        )}
      </section>
      <form className="card admin-form" onSubmit={submit} noValidate>
        <h3>{t.newKey}</h3>
        <Field label={t.key} name="key" rows={8} hint={t.newKeyHint} problem={said.at("key")} />
        <Outcome error={said.rest ? doing.error : null} done={doing.done} />
        <div className="actions">
          <Button look="primary" type="submit" isDisabled={doing.busy}>
            {text.admin.save}
          </Button>
        </div>
      </form>
      {revokes && (
        <Confirm
          question={t.revokeAsk}
          means={t.revokeMeans}
          yes={t.revoke}
          act={() => update({ [revokes]: { action: "REVOKE" } })}
          onClose={() => setRevokes(undefined)}
        />
      )}
    </div>
  );
}
