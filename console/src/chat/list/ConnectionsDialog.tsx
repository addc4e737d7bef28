import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Connection, changeConnection, openIM, removeConnection, searchPeople } from "../../api/chat";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { conversationsKey } from "../data/caches";
import { usePerson } from "../data/people";
import { Face } from "../Face";
import { type Found, Picker } from "../Picker";

const order = ["PENDING_INCOMING", "PENDING_OUTGOING", "ACCEPTED", "REJECTED"];

/** The connections with people of other companies: asked for, accepted, ended. */
export default function ConnectionsDialog({ list, onClose }: { list: Connection[]; onClose: () => void }) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string>();
  const act = async (what: () => Promise<unknown>) => {
    setProblem(undefined);
    try {
      await what();
      await queries.invalidateQueries({ queryKey: ["connections"] });
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const write = (user: number) =>
    act(async () => {
      const id = await openIM([user]);
      await queries.invalidateQueries({ queryKey: conversationsKey });
      onClose();
      go(to("chat", id));
    });
  const find = async (words: string): Promise<Found[]> => {
    const [anyone, own] = await Promise.all([searchPeople(words, false, 50), searchPeople(words, true, 50)]);
    const colleagues = new Set(own.map((p) => p.id));
    return anyone
      .filter((p) => !colleagues.has(p.id))
      .map((p) => ({ id: String(p.id), label: p.displayName, more: p.company ?? "" }));
  };
  const sorted = [...list].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return (
    <Modal title={text.chat.connections.title} isOpen onClose={onClose}>
      <p>{text.chat.connections.about}</p>
      <Picker
        label={text.chat.connections.find}
        find={find}
        leaveOut={list.filter((c) => c.status !== "REJECTED").map((c) => String(c.userId))}
        onPick={(found) => act(() => changeConnection("create", Number(found.id)))}
      />
      {problem && <Banner kind="bad">{problem}</Banner>}
      {sorted.length === 0 ? (
        <p className="hint">{text.chat.connections.none}</p>
      ) : (
        <ul className="lines">
          {sorted.map((c) => (
            <Line key={c.userId} connection={c} act={act} write={write} />
          ))}
        </ul>
      )}
      <div className="actions">
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}

interface LineProps {
  connection: Connection;
  act: (what: () => Promise<unknown>) => void;
  write: (user: number) => void;
}

function Line({ connection: { userId, status }, act, write }: LineProps) {
  const person = usePerson(userId);
  const says = text.chat.connections;
  const name = person?.displayName ?? String(userId);
  return (
    <li>
      <Face id={userId} quiet />
      <span className="what">
        <span className="name">{name}</span>
        <small>
          {person?.company ? `${person.company} · ` : ""}
          {says[status]}
        </small>
      </span>
      {status === "PENDING_INCOMING" && (
        <>
          <Button
            look="primary"
            aria-label={`${says.accept} ${name}`}
            onPress={() => act(() => changeConnection("accept", userId))}
          >
            {says.accept}
          </Button>
          <Button aria-label={`${says.reject} ${name}`} onPress={() => act(() => changeConnection("reject", userId))}>
            {says.reject}
          </Button>
        </>
      )}
      {status === "ACCEPTED" && (
        <>
          <Button aria-label={`${says.write} ${name}`} onPress={() => write(userId)}>
            {says.write}
          </Button>
          <Button
            look="quiet"
            aria-label={`${says.disconnect} ${name}`}
            onPress={() => act(() => removeConnection(userId))}
          >
            {says.disconnect}
          </Button>
        </>
      )}
      {status === "REJECTED" && (
        <Button aria-label={`${says.ask} ${name}`} onPress={() => act(() => changeConnection("create", userId))}>
          {says.ask}
        </Button>
      )}
    </li>
  );
}
