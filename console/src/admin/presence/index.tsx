import { useEffect, useMemo, useState } from "react";
import { type Presence, presences } from "../../api/company";
import { watch } from "../../api/events";
import { Banner } from "../../parts/Banner";
import { Choice } from "../../parts/Choice";
import { usePages } from "../../parts/pages";
import { go, to } from "../../parts/route";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { count, second } from "../parts/format";
import { Head } from "../parts/Head";
import { useNames } from "../parts/names";

const t = text.admin.presence;

const keyOf = (p: Presence) => p.userId;
const pageSize = 500;

/** Who is there at the moment. A row leads to the person's sessions. */
export default function PresencePage() {
  const [category, setCategory] = useState("");
  const [live, setLive] = useState(new Map<number, Presence>());
  const pages = usePages<Presence, number | undefined>(["presence"], undefined, async (last, signal) => {
    const rows = (await presences(last, pageSize, signal)) ?? [];
    return { rows, next: rows.length < pageSize ? undefined : rows.at(-1)?.userId };
  });
  const { refetch } = pages;
  useEffect(
    () =>
      watch({
        path: "/podium/v1/presence/events",
        on: (event) => {
          const told = JSON.parse(event.data) as Presence;
          if (!told.userId) return;
          setLive((before) => new Map(before).set(told.userId, told));
        },
        missed: refetch,
      }),
    [refetch],
  );
  const rows = useMemo(() => {
    const known = new Set(pages.rows.map(keyOf));
    const all = [
      ...pages.rows.map((p) => live.get(p.userId) ?? p),
      ...[...live.values()].filter((p) => !known.has(p.userId)),
    ];
    return category === "" ? all : all.filter((p) => p.category === category);
  }, [pages.rows, live, category]);
  const nameOf = useNames(rows.map(keyOf));
  const columns: Column<Presence>[] = [
    { id: "name", label: t.name, sortBy: (p) => nameOf(p.userId), cell: (p) => <bdi>{nameOf(p.userId)}</bdi> },
    {
      id: "category",
      label: t.category,
      width: "11rem",
      sortBy: (p) => p.category,
      cell: (p) => (
        <span className={p.category === "AVAILABLE" ? "badge good" : "badge"}>{categoryName(p.category)}</span>
      ),
    },
    {
      id: "since",
      label: t.since,
      width: "13rem",
      wideOnly: true,
      sortBy: (p) => p.timestamp,
      cell: (p) => second(p.timestamp),
    },
  ];
  const categories = Object.keys(t.categories).map((id) => ({ id, label: categoryName(id) }));
  return (
    <>
      <Head title={text.admin.sections.presence} lead={t.lead} />
      <search className="filters">
        <Choice
          label={t.category}
          options={[{ id: "", label: text.admin.all }, ...categories]}
          value={category}
          onChange={setCategory}
        />
      </search>
      {pages.error && <Banner kind="bad">{pages.error.message}</Banner>}
      <p className="soft" role="status">
        {t.count(count(rows.length))}
      </p>
      <Table
        {...pages}
        label={text.admin.sections.presence}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        onOpen={(p) => go(to("admin", "people", p.userId, "sessions"))}
        empty={t.none}
      />
    </>
  );
}

function categoryName(id: string): string {
  return t.categories[id as keyof typeof t.categories] ?? id;
}
