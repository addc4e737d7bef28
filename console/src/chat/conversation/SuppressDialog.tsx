import { useState } from "react";
import { type Message, suppress } from "../../api/chat";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";

/** The question before a message is hidden for good. */
export default function SuppressDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const [problem, setProblem] = useState<string>();
  const says = text.chat.suppress;
  const act = () =>
    suppress(message.messageId).then(onClose, (error: Error) => {
      setProblem(error.message);
    });
  return (
    <Modal title={says.title} isOpen onClose={onClose} alert>
      <p>{says.about}</p>
      {problem && <Banner kind="bad">{problem}</Banner>}
      <div className="actions">
        <Button onPress={onClose}>{text.cancel}</Button>
        <Button look="danger" onPress={act}>
          {says.do}
        </Button>
      </div>
    </Modal>
  );
}
