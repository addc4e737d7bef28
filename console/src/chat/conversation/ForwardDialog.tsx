import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Conversation, forward, type Message } from "../../api/chat";
import type { Me } from "../../api/session";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Field } from "../../parts/Field";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { allConversations, conversationsKey } from "../data/caches";
import { useMatching } from "../data/matching";
import { useName } from "../data/names";

interface Props {
  me: Me;
  stream: string;
  message: Message;
  onClose: () => void;
}

/** The choice of a conversation to which a message is sent again. */
export default function ForwardDialog({ me, stream, message, onClose }: Props) {
  const list = useQuery({ queryKey: conversationsKey, queryFn: allConversations });
  const [words, setWords] = useState("");
  const [told, tell] = useState<{ kind: "good" | "bad"; what: string }>();
  const found = useMatching(list.data ?? [], words.trim(), me);
  const says = text.chat.forward;
  const send = async (to: Conversation, name: string) => {
    try {
      await forward(stream, message.messageId, to.id);
      tell({ kind: "good", what: says.done(name) });
    } catch (error) {
      tell({ kind: "bad", what: (error as Error).message });
    }
  };
  return (
    <Modal title={says.title} isOpen onClose={onClose}>
      <Field label={says.to} value={words} onChange={setWords} autoFocus />
      <ul className="lines choices">
        {found.map((c) => (
          <Line key={c.id} me={me} conversation={c} send={send} />
        ))}
      </ul>
      {told && <Banner kind={told.kind}>{told.what}</Banner>}
      <div className="actions">
        <Button onPress={onClose}>{text.close}</Button>
      </div>
    </Modal>
  );
}

interface LineProps {
  me: Me;
  conversation: Conversation;
  send: (to: Conversation, name: string) => void;
}

function Line({ me, conversation, send }: LineProps) {
  const name = useName(conversation, me);
  return (
    <li>
      <span className="name">{name}</span>
      <Button aria-label={`${text.chat.forward.do}: ${name}`} onPress={() => send(conversation, name)}>
        {text.chat.forward.do}
      </Button>
    </li>
  );
}
