import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Conversation, Message } from "../../api/chat";
import type { Me } from "../../api/session";
import { Banner } from "../../parts/Banner";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { readTimeline, timelineKey } from "../data/caches";
import { useName } from "../data/names";
import { empty, entries } from "../data/timeline";
import { Composer, type Draft } from "./Composer";
import { ConversationHeader } from "./ConversationHeader";
import { DropArea } from "./DropArea";
import { FindInConversation } from "./FindInConversation";
import { Messages } from "./Messages";
import { Typing } from "./Typing";
import { useMarking } from "./useMarking";
import { useRoom } from "./useRoom";

interface Props {
  me: Me;
  stream: string;
  conversation: Conversation | undefined;
  details: boolean;
  showDetails: (yes: boolean) => void;
}

/** One conversation: its messages and the field to write one. */
export function ConversationPane({ me, stream, conversation, details, showDetails }: Props) {
  const queries = useQueryClient();
  const timeline = useQuery({ queryKey: timelineKey(stream), queryFn: () => readTimeline(queries, stream) });
  const list = useMemo(() => entries(timeline.data ?? empty), [timeline.data]);
  const [draft, setDraft] = useState<Draft>({ kind: "new" });
  const [finding, find] = useState(false);
  const [dropped, drop] = useState<File[]>([]);
  const name = useName(conversation, me);
  const room = useRoom(conversation, me);
  useMarking(me, stream, conversation, timeline.data);
  const reply = useCallback((message: Message) => setDraft({ kind: "reply", message }), []);
  const edit = useCallback((message: Message) => setDraft({ kind: "edit", message }), []);
  const editLast = () => {
    const own = list.findLast((e) => e.message.user.userId === me.id && !e.suppressed);
    if (own) edit(own.message);
  };
  return (
    <DropArea onDrop={drop}>
      <section className="pane conversation-pane" aria-label={name || text.chat.messages}>
        <ConversationHeader
          me={me}
          conversation={conversation}
          name={name}
          details={details}
          showDetails={showDetails}
          find={() => find(!finding)}
        />
        {finding && <FindInConversation stream={stream} onClose={() => find(false)} />}
        {timeline.isError ? (
          <div className="empty">
            <Banner kind="bad">{timeline.error.message}</Banner>
            <Button onPress={() => timeline.refetch()}>{text.tryAgain}</Button>
          </div>
        ) : (
          <Messages
            me={me}
            stream={stream}
            list={list}
            begun={timeline.data?.begun ?? false}
            loaded={timeline.data !== undefined}
            reply={reply}
            edit={edit}
          />
        )}
        <Typing stream={stream} />
        {room.inactive || room.readOnly ? (
          <p className="composer closed">{room.inactive ? text.chat.details.inactive : text.chat.composer.readOnly}</p>
        ) : (
          <Composer
            key={draft.kind === "new" ? "new" : draft.message.messageId + draft.kind}
            me={me}
            stream={stream}
            name={name}
            draft={draft}
            done={() => setDraft({ kind: "new" })}
            editLast={editLast}
            dropped={dropped}
          />
        )}
      </section>
    </DropArea>
  );
}
