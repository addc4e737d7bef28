import type { Ref } from "react";
import type { Conversation } from "../../api/chat";
import type { Me } from "../../api/session";
import { to } from "../../parts/route";
import { text } from "../../text";
import { others, useName } from "../data/names";
import { Face, RoomMark } from "../Face";
import { shortTime } from "../times";

interface Props {
  me: Me;
  conversation: Conversation;
  current: boolean;
  tabIndex?: number;
  onFocus?: () => void;
  onOpen?: () => void;
  ref?: Ref<HTMLAnchorElement>;
}

/** A line of the list: the name, when it was last used, how much is unread. */
export function ConversationItem({ me, conversation: c, current, tabIndex, onFocus, onOpen, ref }: Props) {
  const name = useName(c, me);
  const [other] = others(c, me);
  return (
    <a
      ref={ref}
      className={c.unread > 0 ? "conversation-item unread" : "conversation-item"}
      href={to("chat", c.id)}
      aria-current={current ? "true" : undefined}
      tabIndex={tabIndex}
      onFocus={onFocus}
      onClick={onOpen}
    >
      {c.type === "IM" && other !== undefined ? <Face id={other} /> : <RoomMark group={c.type === "MIM"} />}
      <span className="what">
        <span className="name">{name || "…"}</span>
        <small>
          {text.chat.kinds[c.type]}
          {c.crossPod && ` · ${text.chat.external}`}
        </small>
      </span>
      <span className="when">
        <time dateTime={new Date(c.activeAt).toISOString()}>{shortTime(c.activeAt)}</time>
        {c.unread > 0 && (
          <span className="badge accent">
            <span aria-hidden="true">{text.chat.unreadShort(c.unread)}</span>
            <span className="visually-hidden">{text.chat.unread(c.unread)}</span>
          </span>
        )}
      </span>
    </a>
  );
}
