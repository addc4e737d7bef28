import { useState } from "react";
import { listStreams, type Stream } from "../../api/company";
import type { Me } from "../../api/session";
import { Banner } from "../../parts/Banner";
import { Choice } from "../../parts/Choice";
import { skipping, usePages } from "../../parts/pages";
import { go, to } from "../../parts/route";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { count, when } from "../parts/format";
import { Head } from "../parts/Head";
import { RoomPage } from "./Room";

const t = text.admin.rooms;

export const nameOf = (s: Stream) => s.attributes.roomName || t.types[s.type];

const columns: Column<Stream>[] = [
  { id: "name", label: t.name, width: "minmax(9rem, 2fr)", sortBy: nameOf, cell: (s) => <bdi>{nameOf(s)}</bdi> },
  { id: "type", label: t.type, width: "7rem", wideOnly: true, sortBy: (s) => s.type, cell: (s) => t.types[s.type] },
  {
    id: "members",
    label: t.members,
    width: "6.5rem",
    sortBy: (s) => s.attributes.membersCount,
    cell: (s) => count(s.attributes.membersCount),
  },
  {
    id: "kind",
    label: t.kind,
    width: "11rem",
    wideOnly: true,
    cell: (s) => (
      <span className="badges">
        <span className="badge">{s.isPublic ? t.public : t.private}</span>
        {s.isExternal && <span className="badge warn">{t.external}</span>}
      </span>
    ),
  },
  {
    id: "status",
    label: t.status,
    width: "6.5rem",
    sortBy: (s) => Number(s.isActive),
    cell: (s) => <span className={s.isActive ? "badge good" : "badge bad"}>{s.isActive ? t.active : t.inactive}</span>,
  },
  {
    id: "last",
    label: t.last,
    width: "13rem",
    wideOnly: true,
    sortBy: (s) => s.attributes.lastMessageDate ?? 0,
    cell: (s) => <span className="soft">{when(s.attributes.lastMessageDate)}</span>,
  },
];
const keyOf = (s: Stream) => s.id;

/** The conversations of the company. */
export default function Rooms({ me, rest }: { me: Me; rest: string[] }) {
  const [type, setType] = useState("ROOM");
  const [status, setStatus] = useState("");
  const filter = { streamTypes: type ? [{ type }] : undefined, status: status || undefined };
  const pages = usePages<Stream, number>(
    ["streams", filter],
    0,
    skipping(100, async (skip, limit, signal) => (await listStreams(filter, skip, limit, signal))?.streams ?? []),
    rest.length === 0,
  );
  if (rest[0]) return <RoomPage me={me} id={rest[0]} key={rest[0]} />;
  return (
    <>
      <Head title={text.admin.sections.rooms} lead={t.lead} />
      <search className="filters">
        <Choice
          label={t.type}
          options={[
            { id: "", label: text.admin.all },
            ...Object.entries(t.types).map(([id, label]) => ({ id, label })),
          ]}
          value={type}
          onChange={setType}
        />
        <Choice
          label={t.status}
          options={[
            { id: "", label: text.admin.all },
            { id: "ACTIVE", label: t.active },
            { id: "INACTIVE", label: t.inactive },
          ]}
          value={status}
          onChange={setStatus}
        />
      </search>
      {pages.error && <Banner kind="bad">{pages.error.message}</Banner>}
      <Table
        {...pages}
        label={text.admin.sections.rooms}
        columns={columns}
        keyOf={keyOf}
        onOpen={(s) => go(to("admin", "rooms", s.id))}
        empty={t.none}
      />
    </>
  );
}
