import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import { addToRoom, removeFromRoom, type StreamMember, setRoomActive, streamMembers } from "../../api/company";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { skipping, usePages } from "../../parts/pages";
import { to } from "../../parts/route";
import { type Column, Table } from "../../parts/Table";
import { text } from "../../text";
import { useAct } from "../parts/act";
import { Confirm } from "../parts/Confirm";
import { date } from "../parts/format";
import { Head, Outcome, Waiting } from "../parts/Head";
import { PersonPicker } from "../parts/PersonPicker";
import { may } from "../rights";

const t = text.admin.rooms;

interface Info {
  id: string;
  active: boolean;
  streamType: { type: "IM" | "MIM" | "ROOM" | "POST" };
  roomAttributes?: { name: string };
}

const keyOf = (m: StreamMember) => m.user.userId;

/** A conversation and its members. */
export function RoomPage({ me, id }: { me: Me; id: string }) {
  const queries = useQueryClient();
  const doing = useAct();
  const [asks, setAsks] = useState<StreamMember | "deactivate">();
  const info = useQuery({
    queryKey: ["streams", "one", id],
    queryFn: () => call<Info>("GET", `/pod/v2/streams/${encodeURIComponent(id)}/info`),
  });
  const pages = usePages<StreamMember, number>(
    ["streams", "members", id],
    0,
    skipping(500, async (skip, limit, signal) => (await streamMembers(id, skip, limit, signal))?.members ?? []),
  );
  const changed = () => queries.invalidateQueries({ queryKey: ["streams"] });
  const then = (work: () => Promise<unknown>) => async () => {
    await work();
    await changed();
  };
  const room = info.data?.streamType.type === "ROOM";
  const changes = room && may(me, "ADD_AND_REMOVE_USERS_IN_ANY_ROOM");
  const columns: Column<StreamMember>[] = [
    { id: "name", label: t.name, sortBy: (m) => m.user.displayName, cell: (m) => <bdi>{m.user.displayName}</bdi> },
    {
      id: "company",
      label: t.company,
      wideOnly: true,
      sortBy: (m) => m.user.company,
      cell: (m) => <bdi>{m.user.company}</bdi>,
    },
    {
      id: "role",
      label: t.role,
      width: "9rem",
      wideOnly: true,
      cell: (m) => m.isOwner && <span className="badge">{t.owner}</span>,
    },
    {
      id: "since",
      label: t.since,
      width: "9rem",
      wideOnly: true,
      sortBy: (m) => m.joinDate,
      cell: (m) => date(m.joinDate),
    },
    {
      id: "act",
      label: t.act,
      width: "7.5rem",
      cell: (m) =>
        changes && (
          <Button
            look="quiet"
            isDisabled={doing.busy}
            onPress={() => setAsks(m)}
            aria-label={text.admin.remove1(m.user.displayName)}
          >
            {text.admin.remove}
          </Button>
        ),
    },
  ];
  const back = (
    <a className="back" href={to("admin", "rooms")}>
      <Icon name="back" size={16} />
      {text.admin.sections.rooms}
    </a>
  );
  if (!info.data) {
    return (
      <>
        {back}
        <Waiting error={info.error} />
      </>
    );
  }
  const { active, streamType, roomAttributes } = info.data;
  const name = roomAttributes?.name || t.types[streamType.type];
  return (
    <>
      {back}
      <Head title={name}>
        <span className={active ? "badge good" : "badge bad"}>{active ? t.active : t.inactive}</span>
        {room && active && (
          <Button look="danger" onPress={() => setAsks("deactivate")}>
            {t.deactivate}
          </Button>
        )}
        {room && !active && (
          <Button onPress={() => doing.act(then(() => setRoomActive(id, true)))}>{t.reactivate}</Button>
        )}
      </Head>
      {changes && (
        <div className="filters">
          <PersonPicker
            label={t.addMember}
            isDisabled={doing.busy}
            onChoose={(user) => doing.act(then(() => addToRoom(id, user)))}
          />
        </div>
      )}
      <Outcome error={doing.error ?? pages.error} done={doing.done} />
      <Table {...pages} label={t.members} columns={columns} keyOf={keyOf} empty={t.noMembers} />
      {asks === "deactivate" && (
        <Confirm
          question={t.askDeactivate(name)}
          means={t.deactivateMeans}
          yes={t.deactivate}
          act={then(() => setRoomActive(id, false))}
          onClose={() => setAsks(undefined)}
        />
      )}
      {asks && asks !== "deactivate" && (
        <Confirm
          question={t.askRemove(asks.user.displayName, name)}
          means={t.removeMeans}
          yes={text.admin.remove}
          act={then(() => removeFromRoom(id, asks.user.userId))}
          onClose={() => setAsks(undefined)}
        />
      )}
    </>
  );
}
