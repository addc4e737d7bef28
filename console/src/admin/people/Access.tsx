import { type FormEvent, useState } from "react";
import { setStatus, setSuspension } from "../../api/admin";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { problems, useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { localInput, when } from "../parts/format";
import { Outcome } from "../parts/Head";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** Whether an account can log in: enabled, disabled, suspended. */
export function Access({ detail, name, changed }: PartProps) {
  const { id: uid, status, suspended, suspendedUntil, suspensionReason } = detail.userSystemInfo;
  const [asks, setAsks] = useState<"disable" | "suspend">();
  const doing = useAct();
  const enabled = status === "ENABLED";
  const then = (work: () => Promise<unknown>) => async () => {
    await work();
    await changed();
  };
  return (
    <div className="admin-columns">
      <section className="card admin-form" aria-labelledby="status">
        <h3 id="status">{t.status}</h3>
        <p>{enabled ? t.isEnabled : t.isDisabled}</p>
        <div className="actions">
          {enabled ? (
            <Button look="danger" onPress={() => setAsks("disable")}>
              {t.disable}
            </Button>
          ) : (
            <Button look="primary" onPress={() => doing.act(then(() => setStatus(uid, { status: "ENABLED" })))}>
              {t.enable}
            </Button>
          )}
        </div>
      </section>
      <section className="card admin-form" aria-labelledby="suspension">
        <h3 id="suspension">{t.suspended}</h3>
        <p>{suspended ? t.until(when(suspendedUntil)) : text.admin.no}</p>
        {suspended && suspensionReason && (
          <p>
            {t.reason}: <bdi>{suspensionReason}</bdi>
          </p>
        )}
        <div className="actions">
          {suspended ? (
            <Button look="primary" onPress={() => doing.act(then(() => setSuspension(uid, { suspended: false })))}>
              {t.unsuspend}
            </Button>
          ) : (
            <Button look="danger" onPress={() => setAsks("suspend")}>
              {t.suspend}
            </Button>
          )}
        </div>
      </section>
      <Outcome error={doing.error} />
      {asks === "disable" && (
        <Confirm
          question={t.askDisable(name)}
          means={t.disableMeans}
          yes={t.disable}
          act={then(() => setStatus(uid, { status: "DISABLED" }))}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks === "suspend" && <Suspend uid={uid} name={name} changed={changed} onClose={() => setAsks(undefined)} />}
    </div>
  );
}

const day = 24 * 60 * 60 * 1000;

interface SuspendProps {
  uid: number;
  name: string;
  changed: () => Promise<void>;
  onClose: () => void;
}

function Suspend({ uid, name, changed, onClose }: SuspendProps) {
  const doing = useAct();
  const said = problems(doing.error, ["suspendedUntil", "suspensionReason"]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const until = Date.parse(String(form.get("until")));
    const suspensionReason = String(form.get("reason")).trim();
    const suspendedUntil = Number.isNaN(until) ? undefined : until;
    const ok = await doing.act(async () => {
      await setSuspension(uid, { suspended: true, suspendedUntil, suspensionReason: suspensionReason || undefined });
      await changed();
    });
    if (ok) onClose();
  };
  return (
    <Modal title={t.suspendTitle(name)} isOpen onClose={onClose}>
      <form className="admin-form" onSubmit={submit} noValidate>
        <p>{t.suspendMeans}</p>
        <Field
          label={t.untilField}
          name="until"
          type="datetime-local"
          defaultValue={localInput(Date.now() + day)}
          problem={said.at("suspendedUntil")}
        />
        <Field label={t.reason} name="reason" problem={said.at("suspensionReason")} />
        {said.rest && <Banner kind="bad">{said.rest}</Banner>}
        <div className="actions">
          <Button onPress={onClose}>{text.cancel}</Button>
          <Button look="danger" type="submit" isDisabled={doing.busy}>
            {t.suspend}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
