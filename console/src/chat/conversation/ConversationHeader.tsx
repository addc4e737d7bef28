import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { to } from "../../parts/route";
import { text } from "../../text";
import { others } from "../data/names";
import { usePresence } from "../data/presence";
import { Face, RoomMark } from "../Face";

interface Props {
  me: Me;
  conversation: Conversation | undefined;
  name: string;
  details: boolean;
  showDetails: (yes: boolean) => void;
  find: () => void;
}

/** The name of a conversation, and what can be done with all of it. */
export function ConversationHeader({ me, conversation: c, name, details, showDetails, find }: Props) {
  const other = c?.type === "IM" ? others(c, me)[0] : undefined;
  const presence = usePresence(other);
  const under = !c ? "" : other !== undefined ? text.chat.presence[presence] : text.chat.kinds[c.type];
  return (
    <header className="pane-header" data-pane>
      <a className="button quiet icon back" href={to("chat")} aria-label={text.chat.back}>
        <Icon name="back" />
      </a>
      {other !== undefined ? <Face id={other} /> : <RoomMark group={c?.type === "MIM"} />}
      <div className="what">
        <h2 className="name">{name || "…"}</h2>
        <small>
          {under}
          {c?.crossPod && ` · ${text.chat.external}`}
        </small>
      </div>
      <Button look="quiet" icon aria-label={text.chat.search.inConversation} onPress={find}>
        <Icon name="search" />
      </Button>
      <Button
        look="quiet"
        icon
        aria-label={details ? text.chat.details.close : text.chat.details.open}
        aria-expanded={details}
        onPress={() => showDetails(!details)}
      >
        <Icon name="info" />
      </Button>
    </header>
  );
}
