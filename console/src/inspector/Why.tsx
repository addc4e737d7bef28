import { roleName } from "../admin/parts/format";
import type { Detail } from "../api/inspector";
import { text } from "../text";

const t = text.inspector;

/** Why a call was refused, and who could grant what was missing. */
export function Why({ call }: { call: Detail }) {
  const { reason, missing: m } = call;
  if (!reason && !m) return null;
  const names = (roles: string[]) => roles.map(roleName).join(", ");
  return (
    <section className="why" aria-label={t.why}>
      <h3>{t.why}</h3>
      {reason && <p>{reason}</p>}
      {m && (
        <dl className="fact-list">
          <Fact name={t.needs} value={m.needs} />
          {m.rights?.map((r) => (
            <Fact
              key={r.right}
              name={t.missingRights}
              value={`${r.right} (${r.roles.length > 0 ? `${t.withRoles}: ${names(r.roles)}` : t.noRole})`}
            />
          ))}
          {m.oneIsEnough && <Fact name="" value={t.oneIsEnough} />}
          <Fact name={t.scope} value={m.scope} />
          <Fact name={t.permissions} value={m.permissions?.join(", ")} />
          <Fact name={t.grantedBy} value={m.grantedBy && names(m.grantedBy)} />
        </dl>
      )}
    </section>
  );
}

export function Fact({ name, value }: { name: string; value: string | undefined }) {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}
