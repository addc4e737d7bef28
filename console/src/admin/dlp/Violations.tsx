import { useState } from "react";
import { type Violation, violations } from "../../api/company";
import { Banner } from "../../parts/Banner";
import { Choice } from "../../parts/Choice";
import { usePages } from "../../parts/pages";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { second } from "../parts/format";
import { useNames } from "../parts/names";

const t = text.admin.dlp;

type Kind = "message" | "stream" | "signal";

const keyOf = (v: Violation) => v.enforcementEventID;
const day = 24 * 60 * 60 * 1000;

/** What policies found in the last 30 days. */
export function Violations() {
  const [since] = useState(() => Date.now() - 30 * day);
  const [kind, setKind] = useState<Kind>("message");
  const pages = usePages<Violation, string | undefined>(
    ["dlp", "violations", kind, since],
    undefined,
    async (next, signal) => {
      const answer = await violations(kind, since, next, signal);
      return { rows: (answer?.violations ?? []).map((v) => v.violation), next: answer?.nextOffset ?? undefined };
    },
  );
  const nameOf = useNames(pages.rows.map((v) => v.requesterId));
  const columns: Column<Violation>[] = [
    { id: "when", label: t.when, width: "12rem", sortBy: (v) => v.createTime, cell: (v) => second(v.createTime) },
    { id: "who", label: t.who, cell: (v) => <bdi>{nameOf(v.requesterId)}</bdi> },
    { id: "action", label: t.action, sortBy: (v) => v.action, cell: (v) => v.action },
    { id: "outcome", label: t.outcome, wideOnly: true, cell: (v) => v.outcome.type },
    { id: "what", label: t.what, wideOnly: true, cell: (v) => <code>{v.entityID}</code> },
  ];
  return (
    <div className="filled">
      <div className="filters">
        <Choice
          label={t.of}
          options={(["message", "stream", "signal"] as const).map((id) => ({ id, label: t.kinds[id] }))}
          value={kind}
          onChange={(chosen) => setKind(chosen as Kind)}
        />
      </div>
      {pages.error && <Banner kind="bad">{pages.error.message}</Banner>}
      <Table {...pages} label={t.violations} columns={columns} keyOf={keyOf} empty={t.noViolations} />
    </div>
  );
}
