import { useMemo, useState } from "react";
import { second } from "../admin/parts/format";
import { addressOf, Refused } from "../api/call";
import { type Call, type Detail, getCall } from "../api/inspector";
import type { Me } from "../api/session";
import { Banner } from "../parts/Banner";
import { Button } from "../parts/Button";
import { Choice } from "../parts/Choice";
import { Field } from "../parts/Field";
import { save } from "../parts/save";
import { type Column, Table } from "../parts/Table";
import { text } from "../text";
import { CallView } from "./CallView";
import { type Filter, passes, useCalls } from "./calls";
import { har } from "./har";
import { Status, took } from "./Status";

const t = text.inspector;

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

const columns: Column<Call>[] = [
  { id: "time", label: t.columns.time, width: "7rem", wideOnly: true, cell: (c) => time.format(c.timestamp) },
  {
    id: "call",
    label: t.columns.call,
    width: "minmax(0, 2fr)",
    sortBy: (c) => c.operation ?? c.path,
    cell: (c) => (
      <span title={c.path}>
        <span className="method">{c.method}</span> {c.operation ?? c.path}
      </span>
    ),
  },
  {
    id: "user",
    label: t.columns.user,
    sortBy: (c) => c.username ?? "",
    cell: (c) => <bdi>{c.username ?? c.appId}</bdi>,
  },
  {
    id: "status",
    label: t.columns.status,
    width: "5.5rem",
    sortBy: (c) => c.status,
    cell: (c) => <Status status={c.status} />,
  },
  {
    id: "took",
    label: t.columns.took,
    width: "6rem",
    wideOnly: true,
    sortBy: (c) => c.tookMicros,
    cell: (c) => took(c.tookMicros),
  },
];
const keyOf = (c: Call) => c.id;

const archived = 200; // calls of an export

/** The calls of an account as they come, and one of them. */
export function CallsPage({ me, account }: { me: Me; account: number | undefined }) {
  const [filter, setFilter] = useState<Filter>({ text: "", status: "" });
  const [paused, setPaused] = useState(false);
  const [shown, setShown] = useState<string>();
  const [exporting, setExporting] = useState<string>();
  const recorded = useCalls(account, paused);
  const calls = useMemo(() => recorded.calls.filter((c) => passes(c, filter)), [recorded.calls, filter]);

  if (recorded.error instanceof Refused && recorded.error.status === 404) {
    return (
      <div className="empty card">
        <h2>{t.off}</h2>
        <p>{t.offHow}</p>
      </div>
    );
  }
  const archive = async () => {
    const details: Detail[] = [];
    const wanted = calls.slice(0, archived);
    for (const [i, c] of wanted.entries()) {
      setExporting(t.exporting(i + 1, wanted.length));
      const detail = await getCall(c.id).catch(() => undefined); // the oldest may be gone from the record
      if (detail) details.push(detail);
    }
    setExporting(undefined);
    const archive = JSON.stringify(har(details, addressOf("/").href, "1"), null, 2);
    save("podium.har", new Blob([archive], { type: "application/json" }));
  };
  return (
    <>
      <search className="filters">
        <Field
          label={t.operation}
          placeholder={t.operationHint}
          value={filter.text}
          onChange={(value) => setFilter({ ...filter, text: value })}
        />
        <Choice
          label={t.status}
          options={[
            { id: "", label: t.anyStatus },
            { id: "2", label: t.good },
            { id: "4", label: t.refused },
            { id: "5", label: t.failed },
          ]}
          value={filter.status}
          onChange={(status) => setFilter({ ...filter, status })}
        />
        <Button onPress={() => setPaused(!paused)}>{paused ? t.goOn : t.pause}</Button>
        <Button onPress={archive} isDisabled={exporting !== undefined || calls.length === 0}>
          {t.exportHar}
        </Button>
      </search>
      {recorded.error && <Banner kind="bad">{recorded.error.message}</Banner>}
      <p className="soft live" role="status">
        <span className={recorded.connected && !paused ? "lamp on" : "lamp"} aria-hidden="true" />
        {exporting ?? (paused ? t.paused : recorded.connected ? t.live : text.loading)}
        {recorded.since > 0 && ` · ${t.since(recorded.node, second(recorded.since))}`}
      </p>
      <div className={shown ? "calls with-call" : "calls"}>
        <Table
          label={t.tabs.calls}
          columns={columns}
          rows={calls}
          keyOf={keyOf}
          onOpen={(c) => setShown(c.id)}
          {...(shown && { current: shown })}
          rowHeight={38}
          empty={recorded.calls.length > 0 ? t.noMatch : t.none}
        />
        {shown && <CallView key={shown} id={shown} me={me} onClose={() => setShown(undefined)} />}
      </div>
    </>
  );
}
