import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Disclaimer, disclaimers, disclaimerUsers, giveDisclaimer, takeDisclaimer } from "../../api/company";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Head, Outcome, Waiting } from "../parts/Head";
import { MemberList } from "../parts/MemberList";
import { PersonPicker } from "../parts/PersonPicker";

const t = text.admin.disclaimers;

/** The texts that people must accept, and who has which. */
export default function Disclaimers() {
  const list = useQuery({ queryKey: ["disclaimers"], queryFn: async () => (await disclaimers()) ?? [] });
  const [shown, setShown] = useState<Disclaimer>();
  return (
    <>
      <Head title={text.admin.sections.disclaimers} lead={t.lead} />
      {!list.data ? (
        <Waiting error={list.error} />
      ) : list.data.length === 0 ? (
        <div className="empty card">{t.none}</div>
      ) : (
        <ul className="cards">
          {list.data.map((d) => (
            <li className="card admin-form" key={d.id}>
              <h3>
                <bdi>{d.name}</bdi>
              </h3>
              <p>
                <bdi>{d.content}</bdi>
              </p>
              <p className="badges">
                <span className={d.isActive ? "badge good" : "badge"}>{d.isActive ? t.active : t.inactive}</span>
                {d.isDefault && <span className="badge">{t.default}</span>}
                <span className="badge">{t.every(d.frequencyInHours)}</span>
              </p>
              <div className="actions">
                <Button onPress={() => setShown(d)} aria-label={`${t.people}: ${d.name}`}>
                  {t.people}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {shown && <People disclaimer={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function People({ disclaimer, onClose }: { disclaimer: Disclaimer; onClose: () => void }) {
  const queries = useQueryClient();
  const doing = useAct();
  const users = useQuery({
    queryKey: ["disclaimers", "users", disclaimer.id],
    queryFn: async () => (await disclaimerUsers(disclaimer.id)) ?? [],
  });
  const change = (work: () => Promise<unknown>) =>
    doing.act(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: ["disclaimers"] });
    });
  return (
    <Modal title={disclaimer.name} isOpen onClose={onClose}>
      {users.data ? (
        <MemberList
          ids={users.data}
          empty={t.noPeople}
          isDisabled={doing.busy}
          onRemove={(id) => change(() => takeDisclaimer(id))}
        />
      ) : (
        <Waiting error={users.error} />
      )}
      <PersonPicker
        label={text.admin.add}
        isDisabled={doing.busy}
        onChoose={(id) => change(() => giveDisclaimer(id, disclaimer.id))}
      />
      <Outcome error={doing.error} done={doing.done} />
      <div className="actions">
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}
