import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { openIM } from "../../api/chat";
import type { Me } from "../../api/session";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { conversationsKey } from "../data/caches";
import { findPeople } from "../findPeople";
import { Chosen, type Found, Picker } from "../Picker";

/** The dialog that opens an IM or MIM. */
export default function NewMessage({ me, onClose }: { me: Me; onClose: () => void }) {
  const queries = useQueryClient();
  const [chosen, choose] = useState<Found[]>([]);
  const [problem, setProblem] = useState<string>();
  const open = async () => {
    try {
      const id = await openIM(chosen.map((c) => Number(c.id)));
      await queries.invalidateQueries({ queryKey: conversationsKey });
      onClose();
      go(to("chat", id));
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <Modal title={text.chat.message} isOpen onClose={onClose}>
      <Picker
        label={text.chat.people}
        autoFocus
        find={findPeople}
        leaveOut={[String(me.id), ...chosen.map((c) => c.id)]}
        onPick={(found) => choose([...chosen, found])}
      />
      <Chosen label={text.chat.chosen} list={chosen} onRemove={(id) => choose(chosen.filter((c) => c.id !== id))} />
      <p className="hint">{text.chat.noSelf}</p>
      {problem && <Banner kind="bad">{problem}</Banner>}
      <div className="actions">
        <Button onPress={onClose}>{text.cancel}</Button>
        <Button look="primary" isDisabled={chosen.length === 0} onPress={open}>
          {text.chat.start}
        </Button>
      </div>
    </Modal>
  );
}
