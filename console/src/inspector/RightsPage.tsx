import { useQuery } from "@tanstack/react-query";
import { count, roleName, second } from "../admin/parts/format";
import { Waiting } from "../admin/parts/Head";
import { rightsOf } from "../api/inspector";
import { Button } from "../parts/Button";
import { text } from "../text";

const t = text.inspector.rights;

/** Which rights the calls of an account used, and which it has without using them. */
export function RightsPage({ account }: { account: number | undefined }) {
  const report = useQuery({
    queryKey: ["inspector", "rights", account],
    queryFn: () => rightsOf(account),
    staleTime: 0,
  });
  const r = report.data;
  if (!r) return <Waiting error={report.error} />;
  return (
    <div className="rights">
      <div className="rights-head">
        <p className="soft">
          {t.calls(count(r.calls))} · {text.inspector.since(r.node, second(r.since))}
        </p>
        <Button onPress={() => report.refetch()}>{text.admin.refresh}</Button>
      </div>
      {r.roles?.length > 0 && (
        <section className="card" aria-labelledby="roles-used">
          <h2 id="roles-used">{t.roles}</h2>
          <table className="plain-table">
            <thead>
              <tr>
                <th>{t.role}</th>
                <th>{t.usedOf}</th>
              </tr>
            </thead>
            <tbody>
              {r.roles.map((role) => (
                <tr key={role.role}>
                  <td>{roleName(role.role)}</td>
                  <td>
                    {role.used} / {role.rights}{" "}
                    {role.used === 0 && role.role !== "INDIVIDUAL" && <span className="badge warn">{t.unneeded}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <section className="card" aria-labelledby="rights-used">
        <h2 id="rights-used">{t.used}</h2>
        {!r.used?.length ? (
          <p className="soft">{t.nothing}</p>
        ) : (
          <table className="plain-table">
            <thead>
              <tr>
                <th>{t.right}</th>
                <th>{t.times}</th>
                <th>{t.last}</th>
                <th>{t.by}</th>
              </tr>
            </thead>
            <tbody>
              {r.used.map((u) => (
                <tr key={u.name}>
                  <td>
                    <code>{u.name}</code>
                  </td>
                  <td>{count(u.calls)}</td>
                  <td>{second(u.lastUsed)}</td>
                  <td>{u.operations.join(", ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <section className="card" aria-labelledby="rights-unused">
        <h2 id="rights-unused">{t.unused}</h2>
        {!r.unused?.length ? (
          <p className="soft">{t.allUsed}</p>
        ) : (
          <ul className="right-list">
            {r.unused.map((right) => (
              <li key={right}>
                <code>{right}</code>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
