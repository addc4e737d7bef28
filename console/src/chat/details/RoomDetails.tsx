import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { changeMember, roomInfo, roomMembers, setRoomActive } from "../../api/chat";
import type { Me } from "../../api/session";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { conversationsKey } from "../data/caches";
import { findPeople } from "../findPeople";
import { Picker } from "../Picker";
import { Members } from "./Members";

const EditRoom = lazy(() => import("./EditRoom"));

/** A room: what it is, who is in it, and what its owners may change. */
export function RoomDetails({ me, room }: { me: Me; room: string }) {
  const queries = useQueryClient();
  const info = useQuery({ queryKey: ["room", room], queryFn: () => roomInfo(room) });
  const members = useQuery({ queryKey: ["members", room], queryFn: () => roomMembers(room) });
  const [asking, ask] = useState<"edit" | "deactivate">();
  const [problem, setProblem] = useState<string>();
  const act = async (what: () => Promise<unknown>): Promise<boolean> => {
    setProblem(undefined);
    try {
      await what();
      await queries.invalidateQueries({ queryKey: ["members", room] });
      return true;
    } catch (error) {
      setProblem((error as Error).message);
      return false;
    }
  };
  if (info.isError) return <Banner kind="bad">{info.error.message}</Banner>;
  if (!info.data) return <p>{text.loading}</p>;
  const { roomAttributes: attributes, roomSystemInfo: system } = info.data;
  const owner = members.data?.some((m) => m.id === me.id && m.owner) ?? false;
  const says = text.chat.details;
  const close = () => ask(undefined);
  const activate = async (active: boolean) => {
    if (!(await act(() => setRoomActive(room, active)))) return;
    close();
    await queries.invalidateQueries({ queryKey: ["room", room] });
    await queries.invalidateQueries({ queryKey: conversationsKey });
  };
  const leave = async () => {
    if (!(await act(() => changeMember(room, "remove", me.id)))) return;
    await queries.invalidateQueries({ queryKey: conversationsKey });
    go(to("chat"));
  };
  const flags = (["public", "crossPod", "readOnly", "copyProtected"] as const).filter((f) => attributes[f]);
  return (
    <>
      {problem && <Banner kind="bad">{problem}</Banner>}
      {!system.active && <Banner kind="warn">{says.inactive}</Banner>}
      <h3 className="name">{attributes.name}</h3>
      {attributes.description && <p>{attributes.description}</p>}
      <p className="hint">
        {says.created(new Date(system.creationDate).toLocaleDateString())}
        {flags.map((f) => ` · ${text.chat.roomForm[f].split(":")[0]}`)}
      </p>
      <div className="actions start">
        {owner && <Button onPress={() => ask("edit")}>{says.edit}</Button>}
        {owner && system.active && <Button onPress={() => ask("deactivate")}>{says.deactivate}</Button>}
        {owner && !system.active && <Button onPress={() => activate(true)}>{says.activate}</Button>}
        <Button onPress={leave}>{says.leave}</Button>
      </div>
      {(owner || attributes.membersCanInvite) && system.active && (
        <Picker
          label={says.add}
          find={findPeople}
          leaveOut={members.data?.map((m) => String(m.id)) ?? []}
          onPick={(found) => act(() => changeMember(room, "add", Number(found.id)))}
        />
      )}
      {members.data && <Members me={me} room={room} list={members.data} owner={owner} act={act} />}
      <Suspense>{asking === "edit" && <EditRoom room={room} attributes={attributes} onClose={close} />}</Suspense>
      <Modal title={says.deactivate} isOpen={asking === "deactivate"} onClose={close} alert>
        <p>{says.deactivateAbout}</p>
        <div className="actions">
          <Button onPress={close}>{text.cancel}</Button>
          <Button look="danger" onPress={() => activate(false)}>
            {says.deactivate}
          </Button>
        </div>
      </Modal>
    </>
  );
}
