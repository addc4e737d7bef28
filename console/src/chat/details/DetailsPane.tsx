import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { text } from "../../text";
import { others } from "../data/names";
import { PersonCard } from "./PersonCard";
import { RoomDetails } from "./RoomDetails";

interface Props {
  me: Me;
  conversation: Conversation;
  onClose: () => void;
}

/** The details of a conversation: its people, and the attributes of a room. */
export function DetailsPane({ me, conversation, onClose }: Props) {
  return (
    <section className="pane details-pane" aria-label={text.chat.details.open} data-pane>
      <header className="pane-header">
        <h2 className="what">{text.chat.details.open}</h2>
        <Button look="quiet" icon aria-label={text.chat.details.close} onPress={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <div className="details-body">
        {conversation.type === "ROOM" ? (
          <RoomDetails me={me} room={conversation.id} />
        ) : (
          others(conversation, me).map((id) => <PersonCard key={id} id={id} />)
        )}
      </div>
    </section>
  );
}
