import { useQuery, useQueryClient } from "@tanstack/react-query";
import { changeDelegate, delegatesOf } from "../../api/admin";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Outcome, Waiting } from "../parts/Head";
import { MemberList } from "../parts/MemberList";
import { PersonPicker } from "../parts/PersonPicker";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** Who may act for a person. */
export function Delegates({ detail }: PartProps) {
  const uid = detail.userSystemInfo.id;
  const queries = useQueryClient();
  const doing = useAct();
  const key = ["people", "delegates", uid];
  const delegates = useQuery({ queryKey: key, queryFn: async () => (await delegatesOf(uid)) ?? [] });
  if (!delegates.data) return <Waiting error={delegates.error} />;
  const change = (id: number, action: "ADD" | "REMOVE") =>
    doing.act(async () => {
      await changeDelegate(uid, id, action);
      await queries.invalidateQueries({ queryKey: key });
    }, t.saved);
  return (
    <section className="card admin-form">
      <p className="soft">{t.delegatesLead}</p>
      <MemberList
        ids={delegates.data}
        empty={t.delegatesNone}
        isDisabled={doing.busy}
        onRemove={(id) => change(id, "REMOVE")}
      />
      <PersonPicker label={text.admin.add} onChoose={(id) => change(id, "ADD")} isDisabled={doing.busy} />
      <Outcome error={doing.error} done={doing.done} />
    </section>
  );
}
