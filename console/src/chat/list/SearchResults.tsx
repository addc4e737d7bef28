import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Conversation, changeMember, openIM, searchMessages, searchPeople, searchRooms } from "../../api/chat";
import type { Me } from "../../api/session";
import { Button } from "../../parts/Button";
import { go, to } from "../../parts/route";
import { text } from "../../text";
import { conversationsKey } from "../data/caches";
import { useMatching } from "../data/matching";
import { Face, RoomMark } from "../Face";
import { FoundMessage } from "../FoundMessage";
import { ConversationItem } from "./ConversationItem";

interface Props {
  me: Me;
  words: string;
  list: Conversation[];
  done: () => void;
}

const kept = { staleTime: 10_000, gcTime: 60_000 };

/** What a search finds: own conversations, people, rooms and messages. */
export function SearchResults({ me, words, list, done }: Props) {
  const queries = useQueryClient();
  const own = useMatching(list, words, me);
  const people = useQuery({ queryKey: ["search", "people", words], queryFn: () => searchPeople(words), ...kept });
  const rooms = useQuery({ queryKey: ["search", "rooms", words], queryFn: () => searchRooms(words), ...kept });
  const messages = useQuery({
    queryKey: ["search", "messages", words],
    queryFn: () => searchMessages(words, undefined),
    enabled: words.length > 2,
    ...kept,
  });
  const mine = new Set(list.map((c) => c.id));
  const others = rooms.data?.filter((r) => !mine.has(r.roomSystemInfo.id)) ?? [];
  const found = people.data?.filter((p) => p.id !== me.id) ?? [];
  const open = async (id: string) => {
    await queries.invalidateQueries({ queryKey: conversationsKey });
    done();
    go(to("chat", id));
  };
  const says = text.chat.search;
  const busy = people.isFetching || rooms.isFetching || messages.isFetching;
  const none = own.length + found.length + others.length + (messages.data?.length ?? 0) === 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a part of the pane, not of the page
    <div className="scroll results" role="group" aria-label={says.label} aria-busy={busy}>
      <Group title={says.conversations} count={own.length}>
        {own.map((c) => (
          <li key={c.id}>
            <ConversationItem me={me} conversation={c} current={false} onOpen={done} />
          </li>
        ))}
      </Group>
      <Group title={says.people} count={found.length}>
        {found.map((p) => (
          <li key={p.id}>
            <Button look="quiet" className="result" onPress={async () => open(await openIM([p.id]))}>
              <Face id={p.id} />
              <span className="what">
                <span className="visually-hidden">{says.write} </span>
                <span className="name">{p.displayName}</span>
                <small>{[p.title, p.company].filter(Boolean).join(" · ")}</small>
              </span>
            </Button>
          </li>
        ))}
      </Group>
      <Group title={says.rooms} count={others.length}>
        {others.map(({ roomAttributes: room, roomSystemInfo: { id } }) => (
          <li key={id} className="result">
            <RoomMark />
            <span className="what">
              <span className="name">{room.name}</span>
              <small>{room.description}</small>
            </span>
            {room.public && (
              <Button
                aria-label={says.joinRoom(room.name)}
                onPress={async () => {
                  await changeMember(id, "add", me.id);
                  await open(id);
                }}
              >
                {says.join}
              </Button>
            )}
          </li>
        ))}
      </Group>
      <Group title={says.messages} count={messages.data?.length ?? 0}>
        {messages.data?.map((m) => (
          <li key={m.messageId}>
            <FoundMessage message={m} onOpen={done} />
          </li>
        ))}
      </Group>
      {none && (
        <p className="empty" role="status">
          {busy ? text.loading : text.chat.noneFound}
        </p>
      )}
    </div>
  );
}

function Group({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  if (count === 0) return null;
  return (
    <>
      <h2 className="group-title">{title}</h2>
      <ul className="lines">{children}</ul>
    </>
  );
}
