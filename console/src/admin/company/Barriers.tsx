import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type BarrierGroup,
  barrierGroups,
  barrierMembers,
  barrierPolicies,
  changeBarrierMember,
} from "../../api/company";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { count } from "../parts/format";
import { Head, Outcome, Waiting } from "../parts/Head";
import { MemberList } from "../parts/MemberList";
import { PersonPicker } from "../parts/PersonPicker";

const t = text.admin.barriers;

/** The groups that information barriers separate, and the policies between them. */
export default function Barriers() {
  const groups = useQuery({ queryKey: ["barriers", "groups"], queryFn: async () => (await barrierGroups()) ?? [] });
  const policies = useQuery({
    queryKey: ["barriers", "policies"],
    queryFn: async () => (await barrierPolicies()) ?? [],
  });
  const [shown, setShown] = useState<BarrierGroup>();
  const nameOf = (id: string) => groups.data?.find((g) => g.id === id)?.name ?? id;
  return (
    <>
      <Head title={text.admin.sections.barriers} lead={t.lead} />
      <section aria-labelledby="groups">
        <h3 id="groups">{t.groups}</h3>
        {!groups.data ? (
          <Waiting error={groups.error} />
        ) : groups.data.length === 0 ? (
          <p className="soft">{t.none}</p>
        ) : (
          <ul className="cards">
            {groups.data.map((g) => (
              <li className="card admin-form" key={g.id}>
                <h4>
                  <bdi>{g.name}</bdi>
                </h4>
                <p className="soft">{t.members(count(g.memberCount))}</p>
                <div className="actions">
                  <Button onPress={() => setShown(g)} aria-label={`${t.show}: ${g.name}`}>
                    {t.show}
                  </Button>
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="policies">
        <h3 id="policies">{t.policies}</h3>
        {!policies.data ? (
          <Waiting error={policies.error} />
        ) : (
          <ul className="cards">
            {policies.data.map((p) => (
              <li className="card" key={p.id}>
                <p>
                  <bdi>{p.groups.map(nameOf).join(" ⇹ ")}</bdi>
                </p>
                <span className={p.active ? "badge good" : "badge"}>{p.active ? t.active : t.inactive}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {shown && <Group group={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function Group({ group, onClose }: { group: BarrierGroup; onClose: () => void }) {
  const queries = useQueryClient();
  const doing = useAct();
  const members = useQuery({
    queryKey: ["barriers", "members", group.id],
    queryFn: async () => (await barrierMembers(group.id)) ?? [],
  });
  const change = (user: number, what: "add" | "remove") =>
    doing.act(async () => {
      const answer = await changeBarrierMember(group.id, user, what);
      if (answer?.overallResult === "FAIL") throw new Error(answer.results.join(" "));
      await queries.invalidateQueries({ queryKey: ["barriers"] });
    });
  return (
    <Modal title={group.name} isOpen onClose={onClose}>
      {members.data ? (
        <MemberList
          ids={members.data}
          empty={t.noMembers}
          isDisabled={doing.busy}
          onRemove={(id) => change(id, "remove")}
        />
      ) : (
        <Waiting error={members.error} />
      )}
      <PersonPicker label={text.admin.add} onChoose={(id) => change(id, "add")} isDisabled={doing.busy} />
      <Outcome error={doing.error} done={doing.done} />
      <div className="actions">
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}
