import { useQueryClient } from "@tanstack/react-query";
import { memo, useCallback } from "react";
import { type FormValues, type Message, openIM, submitForm } from "../../api/chat";
import type { Me } from "../../api/session";
import { DialogsOf } from "../../markup/Dialog";
import { Markup } from "../../markup/Markup";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { conversationsKey } from "../data/caches";
import type { Entry } from "../data/timeline";
import { Face } from "../Face";
import { clock, dateAndTime } from "../times";
import { Attachments } from "./Attachments";
import { MessageActions } from "./MessageActions";
import { Quote } from "./Quote";
import { ReadMark } from "./ReadMark";

interface Props {
  me: Me;
  stream: string;
  entry: Entry;
  /** The first one of a group of the same author. */
  first: boolean;
  active: boolean;
  /** The newest message of the conversation. */
  last: boolean;
  activate: (key: string) => void;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
}

/** One message. */
export const MessageView = memo(function MessageView(props: Props) {
  const { me, stream, entry, first, active, last, activate, reply, edit } = props;
  const queries = useQueryClient();
  const m = entry.message;
  const own = m.user.userId === me.id;
  const submit = useCallback(
    (formId: string, values: FormValues) => submitForm(stream, m.messageId, formId, values),
    [stream, m.messageId],
  );
  const open = useCallback(
    async (users: number[] | undefined, to_: string | undefined) => {
      const id = to_ ?? (await openIM(users ?? []));
      await queries.invalidateQueries({ queryKey: conversationsKey });
      go(to("chat", id));
    },
    [queries],
  );
  const classes = ["message", first ? "first" : "", active ? "active" : "", own ? "own" : ""];
  const begin = () => activate(entry.key);
  return (
    <article
      id={`message-${entry.key}`}
      className={classes.filter(Boolean).join(" ")}
      aria-label={text.chat.said(m.user.displayName, clock(entry.at))}
      tabIndex={-1}
      onFocus={begin}
      onPointerEnter={begin}
    >
      <div className="gutter">
        {first ? <Face id={m.user.userId} quiet /> : <time aria-hidden="true">{clock(entry.at)}</time>}
      </div>
      <div className="said">
        {first && (
          <div className="author">
            <b>{m.user.displayName}</b>
            <time dateTime={new Date(entry.at).toISOString()} title={dateAndTime(entry.at)}>
              {clock(entry.at)}
            </time>
          </div>
        )}
        {entry.suppressed ? (
          <p className="suppressed">{text.chat.suppressed}</p>
        ) : (
          <>
            {m.parentMessageId && <Quote stream={stream} id={m.parentMessageId} />}
            <DialogsOf>
              <Markup message={m} me={me.id} submit={submit} openIM={open} />
            </DialogsOf>
            {m.attachments && m.attachments.length > 0 && <Attachments stream={stream} message={m} />}
            {m.disclaimer && <p className="disclaimer">{m.disclaimer}</p>}
          </>
        )}
        <div className="under">
          {entry.edited && !entry.suppressed && <span>{text.chat.edited}</span>}
          {own && last && !entry.suppressed && <ReadMark stream={stream} message={m.messageId} />}
        </div>
      </div>
      {active && !entry.suppressed && <MessageActions me={me} stream={stream} message={m} reply={reply} edit={edit} />}
    </article>
  );
});
