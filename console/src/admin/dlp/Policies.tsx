import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changePolicy, type Policy, policies } from "../../api/company";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { date } from "../parts/format";
import { Outcome, Waiting } from "../parts/Head";
import { Switch } from "../parts/Switch";

const t = text.admin.dlp;

/** The policies, each on or off. */
export function Policies({ changes }: { changes: boolean }) {
  const queries = useQueryClient();
  const doing = useAct();
  const [asks, setAsks] = useState<Policy>();
  const list = useQuery({
    queryKey: ["dlp", "policies"],
    queryFn: async ({ signal }) => (await policies(0, signal)).policies,
  });
  const changed = () => queries.invalidateQueries({ queryKey: ["dlp", "policies"] });
  if (!list.data) return <Waiting error={list.error} />;
  if (list.data.length === 0) return <div className="empty card">{t.noPolicies}</div>;
  return (
    <>
      <Outcome error={doing.error} done={doing.done} />
      <ul className="cards">
        {list.data.map((p) => (
          <li className="card admin-form" key={p.policyId}>
            <h3>
              <bdi>{p.name}</bdi>
            </h3>
            <p className="soft">
              {p.scopes.join(", ")} · {t.version(p.version)} · {date(p.lastUpdatedDate)}
            </p>
            <ul className="plain-list">
              {p.appliesTo.map((a) => (
                <li key={a.dataType + a.action}>
                  {a.dataType}: {a.action} ({a.rules.map((r) => r.type).join(", ")})
                </li>
              ))}
            </ul>
            <Switch
              label={p.active ? t.on : t.off}
              on={p.active}
              isDisabled={!changes || doing.busy}
              onChange={(on) =>
                doing.act(async () => {
                  await changePolicy(p.policyId, on ? "enable" : "disable");
                  await changed();
                })
              }
            />
            {changes && (
              <div className="actions">
                <Button look="danger" onPress={() => setAsks(p)} aria-label={`${t.delete}: ${p.name}`}>
                  {t.delete}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {asks && (
        <Confirm
          question={t.askDelete(asks.name)}
          means={t.deleteMeans}
          yes={t.delete}
          act={async () => {
            await changePolicy(asks.policyId, "delete");
            await changed();
          }}
          onClose={() => setAsks(undefined)}
        />
      )}
    </>
  );
}
