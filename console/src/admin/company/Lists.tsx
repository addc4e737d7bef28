import { useState } from "react";
import { type List, lists } from "../../api/company";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { usePages } from "../../parts/pages";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { count, date } from "../parts/format";
import { Head } from "../parts/Head";
import { MemberList } from "../parts/MemberList";

const t = text.admin.lists;

const columns: Column<List>[] = [
  { id: "name", label: t.name, sortBy: (l) => l.displayName, cell: (l) => <bdi>{l.displayName || l.name}</bdi> },
  { id: "email", label: t.email, wideOnly: true, sortBy: (l) => l.email ?? "", cell: (l) => <bdi>{l.email}</bdi> },
  {
    id: "members",
    label: t.members,
    width: "7rem",
    sortBy: (l) => l.members.length,
    cell: (l) => count(l.members.length),
  },
  {
    id: "created",
    label: t.created,
    width: "9rem",
    wideOnly: true,
    sortBy: (l) => l.createdDate,
    cell: (l) => date(l.createdDate),
  },
  {
    id: "status",
    label: t.status,
    width: "7rem",
    cell: (l) => <span className={l.active ? "badge good" : "badge bad"}>{l.active ? t.active : t.deleted}</span>,
  },
];
const keyOf = (l: List) => l.groupId;
const pageSize = 100;

/** The distribution lists of the company, and who is on each. */
export default function Lists() {
  const [shown, setShown] = useState<List>();
  const pages = usePages<List, number | undefined>(["lists"], undefined, async (last, signal) => {
    const rows = (await lists(last, pageSize, signal)) ?? [];
    return { rows, next: rows.length < pageSize ? undefined : rows.at(-1)?.groupId };
  });
  return (
    <>
      <Head title={text.admin.sections.lists} lead={t.lead} />
      {pages.error && <Banner kind="bad">{pages.error.message}</Banner>}
      <Table
        {...pages}
        label={text.admin.sections.lists}
        columns={columns}
        keyOf={keyOf}
        onOpen={setShown}
        empty={t.none}
      />
      {shown && (
        <Modal title={shown.displayName || shown.name} isOpen onClose={() => setShown(undefined)}>
          <MemberList ids={shown.members.map((m) => m.userId)} empty={t.noMembers} />
          <div className="actions">
            <Button onPress={() => setShown(undefined)}>{text.close}</Button>
          </div>
        </Modal>
      )}
    </>
  );
}
