import { useMemo, useState } from "react";
import { type TrailItem, type TrailQuery, trail } from "../../api/admin";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Modal } from "../../parts/Modal";
import { type Page, usePages } from "../../parts/pages";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { localInput, roleName, second } from "../parts/format";
import { Head } from "../parts/Head";
import { PersonPicker } from "../parts/PersonPicker";
import { Verified } from "./Verified";

const t = text.admin.trail;

interface Row extends TrailItem {
  key: string;
}

const columns: Column<Row>[] = [
  { id: "when", label: t.when, width: "12rem", sortBy: (r) => Number(r.timestamp), cell: (r) => second(r.timestamp) },
  { id: "who", label: t.who, sortBy: (r) => r.initiatorUsername, cell: (r) => <bdi>{r.initiatorUsername}</bdi> },
  { id: "action", label: t.action, width: "minmax(0, 1.4fr)", sortBy: (r) => r.action, cell: (r) => r.action },
  { id: "what", label: t.what, wideOnly: true, sortBy: affected, cell: (r) => <bdi>{affected(r)}</bdi> },
  { id: "change", label: t.change, width: "minmax(0, 1.6fr)", wideOnly: true, cell: (r) => <bdi>{change(r)}</bdi> },
];
const keyOf = (r: Row) => r.key;

function affected(r: TrailItem) {
  return r.affectedUsername ?? r.appName ?? r.conversationType ?? "";
}

function change(r: TrailItem) {
  if (!r.attribute) return "";
  return `${r.attribute}: ${r.oldValue || "∅"} → ${r.newValue || "∅"}`;
}

const day = 24 * 60 * 60 * 1000;
const pageSize = 200;
const longest = 30 * day; // a period that the pod answers

/** What privileged accounts did, and whether the log is as it was written. */
export default function TrailPage() {
  const [now] = useState(() => Date.now());
  const [from, setFrom] = useState(localInput(now - 7 * day));
  const [to, setTo] = useState("");
  const [action, setAction] = useState("");
  const [by, setBy] = useState<{ id: number; name: string }>();
  const [shown, setShown] = useState<Row>();
  const start = Date.parse(from) || now - 7 * day;
  const end = Date.parse(to) || undefined;
  const query: TrailQuery = { startTimestamp: start, endTimestamp: end, initiatorId: by && String(by.id) };
  const tooLong = (end ?? now) - start > longest;
  const pages = usePages<Row, string | undefined>(
    ["trail", query],
    undefined,
    (after, signal) => load(query, after, signal),
    !tooLong,
  );
  const rows = useMemo(() => {
    const wanted = action.trim().toLowerCase();
    if (wanted === "") return pages.rows;
    return pages.rows.filter((r) =>
      `${r.action} ${r.actionName} ${affected(r)} ${change(r)}`.toLowerCase().includes(wanted),
    );
  }, [pages.rows, action]);
  return (
    <>
      <Head title={text.admin.sections.trail} lead={t.lead}>
        <Button onPress={() => pages.refetch()}>{text.admin.refresh}</Button>
      </Head>
      <Verified />
      <search className="filters">
        <Field label={t.filter} placeholder={t.filterHint} value={action} onChange={setAction} />
        <Field label={t.from} type="datetime-local" value={from} onChange={setFrom} />
        <Field label={t.to} type="datetime-local" value={to} onChange={setTo} />
        {by ? (
          <Button onPress={() => setBy(undefined)} aria-label={text.admin.remove1(by.name)}>
            <bdi>{by.name}</bdi> ✕
          </Button>
        ) : (
          <PersonPicker label={t.who} onChoose={(id, name) => setBy({ id, name })} />
        )}
      </search>
      {tooLong && <Banner kind="warn">{t.tooLong}</Banner>}
      {pages.error && <Banner kind="bad">{pages.error.message}</Banner>}
      <Table
        {...pages}
        label={text.admin.sections.trail}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        onOpen={setShown}
        empty={t.none}
      />
      {shown && <Item item={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

async function load(
  query: TrailQuery,
  after: string | undefined,
  signal: AbortSignal,
): Promise<Page<Row, string | undefined>> {
  const { items, pagination } = await trail(query, after, pageSize, signal);
  return { rows: items.map((item, i) => ({ ...item, key: `${after ?? "0"}-${i}` })), next: pagination.cursors.after };
}

function Item({ item, onClose }: { item: TrailItem; onClose: () => void }) {
  const facts: [string, string | undefined][] = [
    [t.when, second(item.timestamp)],
    [t.who, `${item.initiatorUsername} (${item.initiatorId}) ${item.initiatorEmailAddress}`],
    [t.roles, item.authorizationRoles.map(roleName).join(", ")],
    [t.what, [item.affectedUsername, item.affectedId, item.affectedEmailAddress].filter(Boolean).join(" ")],
    [t.attribute, item.attribute],
    [t.old, item.oldValue],
    [t.new, item.newValue],
    [t.conversation, [item.conversationType, item.scope, item.threadId].filter(Boolean).join(" ")],
    [t.app, [item.appName, item.appId].filter(Boolean).join(" ")],
  ];
  return (
    <Modal title={item.action} isOpen onClose={onClose}>
      <dl className="fact-list">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
      <div className="actions">
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}
