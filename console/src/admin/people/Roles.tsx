import { useQuery } from "@tanstack/react-query";
import { addRole, roles as listRoles, removeRole } from "../../api/admin";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Outcome, Waiting } from "../parts/Head";
import { Switch } from "../parts/Switch";
import type { PartProps } from "./Person";

const t = text.admin.people;

/** The roles of an account. */
export function Roles({ detail, changed }: PartProps) {
  const uid = detail.userSystemInfo.id;
  const doing = useAct();
  const all = useQuery({ queryKey: ["roles"], queryFn: listRoles });
  if (!all.data) return <Waiting error={all.error} />;
  const kind = detail.userAttributes.accountType ?? "NORMAL";
  const fitting = all.data.filter((r) => r.userTypes.includes(kind) || detail.roles.includes(r.id));
  const set = (id: string, on: boolean) =>
    doing.act(async () => {
      await (on ? addRole(uid, id) : removeRole(uid, id));
      await changed();
    }, t.saved);
  return (
    <section className="card admin-form">
      <p className="soft">{t.rolesLead}</p>
      <Outcome error={doing.error} done={doing.done} />
      <ul className="switches">
        {fitting.map((role) => (
          <li key={role.id}>
            <Switch
              label={role.name}
              hint={role.id}
              on={detail.roles.includes(role.id)}
              isDisabled={doing.busy || role.id === "INDIVIDUAL"}
              onChange={(on) => set(role.id, on)}
            />
            {role.optionalActions.length > 0 && detail.roles.includes(role.id) && (
              <ul className="switches inner">
                {role.optionalActions.map((action) => (
                  <li key={action}>
                    <Switch
                      label={action}
                      on={detail.roles.includes(`${role.id}.${action}`)}
                      isDisabled={doing.busy}
                      onChange={(on) => set(`${role.id}.${action}`, on)}
                    />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
