import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { Modal } from "../../parts/Modal";
import { text } from "../../text";
import { useAct } from "./act";

export interface Props {
  question: string;
  /** What follows from it. */
  means: string;
  /** What the button says. */
  yes: string;
  act: () => Promise<unknown>;
  onClose: () => void;
}

/** A question before something that cannot simply be taken back. */
export function Confirm({ question, means, yes, act, onClose }: Props) {
  const doing = useAct();
  return (
    <Modal title={question} isOpen alert onClose={onClose}>
      <p>{means}</p>
      {doing.error && <Banner kind="bad">{doing.error.message}</Banner>}
      <div className="actions">
        <Button onPress={onClose}>{text.cancel}</Button>
        <Button
          look="danger"
          isDisabled={doing.busy}
          onPress={async () => {
            if (await doing.act(act)) onClose();
          }}
        >
          {yes}
        </Button>
      </div>
    </Modal>
  );
}
