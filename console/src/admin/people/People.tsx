import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { roles as listRoles } from "../../api/admin";
import { Avatar } from "../../parts/Avatar";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Choice } from "../../parts/Choice";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { go, to } from "../../parts/route";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { count, roleName, when } from "../parts/format";
import { Head } from "../parts/Head";
import { CreatePerson } from "./Create";
import { type Filter, type Row, usePeople } from "./list";
import { StatusBadge } from "./StatusBadge";

const t = text.admin.people;

const columns: Column<Row>[] = [
  {
    id: "name",
    label: t.columns.name,
    width: "minmax(9rem, 1.6fr)",
    sortBy: (row) => row.name,
    cell: (row) => (
      <span className="who">
        <Avatar name={row.name || row.username} />
        <bdi>{row.name || row.username}</bdi>
      </span>
    ),
  },
  {
    id: "username",
    label: t.columns.username,
    wideOnly: true,
    sortBy: (row) => row.username,
    cell: (row) => <bdi>{row.username}</bdi>,
  },
  {
    id: "email",
    label: t.columns.email,
    width: "minmax(0, 1.4fr)",
    wideOnly: true,
    sortBy: (row) => row.email,
    cell: (row) => <bdi>{row.email}</bdi>,
  },
  {
    id: "roles",
    label: t.columns.roles,
    width: "minmax(0, 1.2fr)",
    wideOnly: true,
    sortBy: (row) => row.roles.length,
    cell: (row) => <Roles roles={row.roles} />,
  },
  {
    id: "status",
    label: t.columns.status,
    width: "7.5rem",
    sortBy: (row) => `${row.status}${row.suspended}`,
    cell: (row) => <StatusBadge {...row} />,
  },
  {
    id: "login",
    label: t.columns.login,
    width: "13rem",
    wideOnly: true,
    sortBy: (row) => row.lastLogin ?? 0,
    cell: (row) => <span className="soft">{row.lastLogin ? when(row.lastLogin) : ""}</span>,
  },
];

const keyOf = (row: Row) => row.id;
const open = (row: Row) => go(to("admin", "people", row.id));

/** The accounts of the company. */
export function People() {
  const [filter, setFilter] = useState<Filter>({ search: "", role: "", status: "" });
  const [creates, setCreates] = useState(false);
  const people = usePeople(useDeferredValue(filter));
  const roles = useQuery({ queryKey: ["roles"], queryFn: listRoles });
  const roleOptions = useMemo(
    () => [{ id: "", label: text.admin.all }, ...(roles.data ?? []).map((r) => ({ id: r.id, label: r.name }))],
    [roles.data],
  );
  const change = (part: Partial<Filter>) => setFilter({ ...filter, ...part });
  return (
    <>
      <Head title={text.admin.sections.people} lead={t.lead}>
        <Button onPress={() => go(to("admin", "people", "import"))}>{t.import}</Button>
        <Button look="primary" onPress={() => setCreates(true)}>
          <Icon name="plus" />
          {t.create}
        </Button>
      </Head>
      <search className="filters">
        <Field
          label={t.search}
          hideLabel
          placeholder={t.search}
          type="search"
          value={filter.search}
          onChange={(search) => change({ search })}
        />
        <Choice label={t.role} options={roleOptions} value={filter.role} onChange={(role) => change({ role })} />
        <Choice
          label={t.status}
          options={[
            { id: "", label: text.admin.all },
            { id: "ENABLED", label: t.enabled },
            { id: "DISABLED", label: t.disabled },
          ]}
          value={filter.status}
          onChange={(status) => change({ status })}
        />
      </search>
      {people.error && <Banner kind="bad">{people.error.message}</Banner>}
      <p className="soft" role="status">
        {!people.loading && t.count(count(people.rows.length), people.more)}
      </p>
      <Table
        label={text.admin.sections.people}
        columns={columns}
        keyOf={keyOf}
        onOpen={open}
        empty={t.none}
        {...people}
      />
      {creates && <CreatePerson roles={roles.data ?? []} onClose={() => setCreates(false)} />}
    </>
  );
}

function Roles({ roles }: { roles: string[] }) {
  const shown = roles.filter((role) => role !== "INDIVIDUAL" && !role.includes("."));
  return (
    <span className="badges" title={shown.map(roleName).join(", ")}>
      {shown.slice(0, 1).map((role) => (
        <span className="badge" key={role}>
          {roleName(role)}
        </span>
      ))}
      {shown.length > 1 && <span className="soft">+{shown.length - 1}</span>}
    </span>
  );
}
