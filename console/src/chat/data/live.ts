// The stream of events that keeps chat up to date.

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Author, Message, StreamType } from "../../api/chat";
import { type ServerEvent, watch } from "../../api/events";
import type { Me } from "../../api/session";
import { arrived, changeConversation, conversationsKey, suppressed } from "./caches";
import { followPresence } from "./presence";
import { Store } from "./store";

/** Whether the pod can be reached. */
export const connected = new Store(true);

/** The stream that is looked at: its new messages are not unread. */
export const looked = new Store<string | undefined>(undefined);

/** The newest message of another person, for the announcement to screen readers. */
export const newest = new Store<Message | undefined>(undefined);

interface Stream {
  streamId: string;
  streamType?: StreamType;
}

interface Payload {
  messageSent?: { message: Message };
  messageSuppressed?: { messageId: string; stream: Stream };
  roomUpdated?: { stream: Stream; newRoomProperties: { name: string } };
  userJoinedRoom?: { stream: Stream; affectedUser: Author };
  userLeftRoom?: { stream: Stream; affectedUser: Author };
}

/** useLive follows what happens while chat is shown. */
export function useLive(me: Me) {
  const queries = useQueryClient();
  useEffect(() => {
    let first = true;
    const again = () => {
      for (const key of ["conversations", "timeline", "room", "members", "connections"]) {
        queries.invalidateQueries({ queryKey: [key] });
      }
    };
    const stop = watch({
      path: "/podium/v1/events",
      on: (event) => happened(queries, me, event),
      connected: (yes) => {
        connected.set(yes);
        if (yes && first) again(); // what was read before the stream began may be older
        first = false;
      },
      missed: again,
    });
    const stopPresence = followPresence();
    return () => {
      stop();
      stopPresence();
    };
  }, [queries, me]);
}

function happened(queries: QueryClient, me: Me, event: ServerEvent) {
  const { type, payload } = JSON.parse(event.data) as { type: string; payload: Payload };
  const again = (...key: unknown[]) => queries.invalidateQueries({ queryKey: key });
  const stream = (Object.values(payload)[0] as { stream?: Stream } | undefined)?.stream?.streamId;
  switch (type) {
    case "MESSAGESENT": {
      const m = payload.messageSent?.message;
      if (!m || m.stream.streamType === "POST") return;
      arrived(queries, me.id, m, looked.get() === m.stream.streamId && document.hasFocus());
      again("status", m.stream.streamId);
      if (m.user.userId !== me.id) newest.set(m);
      return;
    }
    case "MESSAGESUPPRESSED":
      if (stream && payload.messageSuppressed) suppressed(queries, stream, payload.messageSuppressed.messageId);
      return;
    case "ROOMUPDATED":
      if (!stream) return;
      changeConversation(queries, stream, (c) => ({
        ...c,
        name: payload.roomUpdated?.newRoomProperties.name ?? c.name,
      }));
      again("room", stream);
      return;
    case "USERJOINEDROOM":
    case "USERLEFTROOM":
      again("members", stream);
      if ((payload.userJoinedRoom ?? payload.userLeftRoom)?.affectedUser.userId === me.id)
        queries.invalidateQueries({ queryKey: conversationsKey });
      return;
    case "ROOMMEMBERPROMOTEDTOOWNER":
    case "ROOMMEMBERDEMOTEDFROMOWNER":
      again("members", stream);
      return;
    case "ROOMDEACTIVATED":
    case "ROOMREACTIVATED":
      again("room", stream);
      queries.invalidateQueries({ queryKey: conversationsKey });
      return;
    case "INSTANTMESSAGECREATED":
    case "ROOMCREATED":
      queries.invalidateQueries({ queryKey: conversationsKey });
      return;
    case "CONNECTIONREQUESTED":
    case "CONNECTIONACCEPTED":
      again("connections");
      return;
  }
}
