import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Me } from "../api/session";
import { Banner } from "../parts/Banner";
import { useRoute } from "../parts/route";
import { text } from "../text";
import { Announcer } from "./Announcer";
import { ConversationPane } from "./conversation/ConversationPane";
import { allConversations, conversationsKey } from "./data/caches";
import { useConversation } from "./data/conversation";
import { connected, looked, useLive } from "./data/live";
import { useStore } from "./data/store";
import { DetailsPane } from "./details/DetailsPane";
import { ListPane } from "./list/ListPane";
import { usePanes } from "./panes";
import "../style/chat.css";
import "../style/markup.css";

/** Chat: the list of conversations, the one that is open, and its details. */
export default function Chat({ me }: { me: Me }) {
  useLive(me);
  const { parts } = useRoute();
  const stream = parts[0] === "chat" ? parts[1] : undefined;
  const list = useQuery({ queryKey: conversationsKey, queryFn: allConversations });
  const online = useStore(connected, (yes) => yes);
  const [details, showDetails] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  usePanes(root);
  useEffect(() => {
    looked.set(stream);
    return () => looked.set(undefined);
  }, [stream]);
  const open = useConversation(list.data, stream);
  const unread = list.data?.reduce((n, c) => n + c.unread, 0) ?? 0;
  useEffect(() => {
    document.title = unread > 0 ? `(${text.chat.unreadShort(unread)}) ${text.product}` : text.product;
    return () => {
      document.title = text.product;
    };
  }, [unread]);
  return (
    <div ref={root} className="chat" data-shows={stream ? (details ? "details" : "conversation") : "list"}>
      <h1 className="visually-hidden">{text.chat.title}</h1>
      <ListPane me={me} list={list.data} current={stream} />
      {stream ? (
        <ConversationPane
          key={stream}
          me={me}
          stream={stream}
          conversation={open}
          details={details}
          showDetails={showDetails}
        />
      ) : (
        <div className="empty pane-empty">
          <p>
            <b>{text.chat.choose}</b>
          </p>
          <p>{text.chat.chooseHint}</p>
        </div>
      )}
      {stream && details && open && (
        <DetailsPane key={`details-${stream}`} me={me} conversation={open} onClose={() => showDetails(false)} />
      )}
      {!online && (
        <div className="lost">
          <Banner kind="warn">{text.chat.lost}</Banner>
        </div>
      )}
      <Announcer />
    </div>
  );
}
