// The operations that chat uses, and their answers.

import { call } from "./call";

export interface Author {
  userId: number;
  displayName: string;
  email?: string;
  username?: string;
}

export interface Attachment {
  id: string;
  name: string;
  size: number;
  images: { id: string; dimension: string }[];
}

export type StreamType = "IM" | "MIM" | "ROOM" | "POST";

export interface Message {
  messageId: string;
  parentMessageId?: string;
  timestamp: number;
  /** PresentationML. */
  message: string;
  /** EntityJSON as a text. */
  data?: string | null;
  attachments?: Attachment[] | null;
  user: Author;
  stream: { streamId: string; streamType: StreamType; roomName?: string | null };
  initialMessageId?: string;
  initialTimestamp?: number;
  replacing?: string;
  replacedBy?: string;
  silent?: boolean;
  disclaimer?: string | null;
}

export interface Conversation {
  id: string;
  type: StreamType;
  name?: string;
  crossPod: boolean;
  members?: number[];
  activeAt: number;
  lastMessageId?: string;
  unread: number;
}

export interface Person {
  id: number;
  displayName: string;
  username?: string;
  emailAddress?: string | null;
  company?: string;
  title?: string | null;
  department?: string | null;
  location?: string | null;
  accountType?: "NORMAL" | "SYSTEM" | "SDL";
  avatars?: { size: string; url: string }[];
}

export interface RoomAttributes {
  name: string;
  description: string;
  public: boolean;
  discoverable: boolean;
  membersCanInvite: boolean;
  readOnly: boolean;
  copyProtected: boolean;
  crossPod: boolean;
  viewHistory: boolean;
  multiLateralRoom?: boolean;
}

export interface StreamInfo {
  id: string;
  crossPod: boolean;
  active: boolean;
  lastMessageDate?: number;
  streamType: { type: StreamType };
  streamAttributes?: { members: number[] };
  roomAttributes?: { name: string };
}

export interface Room {
  roomAttributes: RoomAttributes;
  roomSystemInfo: { id: string; creationDate: number; createdByUserId: number; active: boolean };
}

export interface Member {
  id: number;
  owner: boolean;
  joinDate: number;
}

export interface Connection {
  userId: number;
  status: "PENDING_INCOMING" | "PENDING_OUTGOING" | "ACCEPTED" | "REJECTED";
  updatedAt: number;
}

export interface Reader {
  userId: string;
  displayName: string;
  timestamp: string;
}

export interface MessageStatus {
  read: Reader[];
  delivered: Reader[];
  sent: Reader[];
}

export type Category =
  | "AVAILABLE"
  | "AWAY"
  | "BUSY"
  | "ON_THE_PHONE"
  | "BE_RIGHT_BACK"
  | "IN_A_MEETING"
  | "OUT_OF_OFFICE"
  | "OFF_WORK"
  | "DO_NOT_DISTURB"
  | "OFFLINE"
  | "UNDEFINED";

export interface Presence {
  userId: number;
  category: Category;
  timestamp: number;
}

/** What a form submits: the published formValues. */
export type FormValues = Record<string, unknown>;

const id = encodeURIComponent;

export const conversations = (skip: number, limit: number) =>
  call<Conversation[]>("GET", "/podium/v1/conversations", { query: { skip, limit } });

/** newestMessages returns messages of a stream that were sent before a time, the newest first. */
export const newestMessages = async (stream: string, before: number | undefined, limit: number) =>
  (await call<Message[] | undefined>("POST", "/agent/v1/message/search", {
    query: { limit, sortDir: "DESC" },
    body: { streamId: stream, ...(before === undefined ? {} : { toDate: before }) },
  })) ?? [];

/** searchMessages returns messages with some words, of one stream or of all. */
export const searchMessages = async (text: string, stream: string | undefined) =>
  (stream === undefined
    ? await call<Message[] | undefined>("POST", "/agent/v4/message/search/semantic", {
        query: { limit: 25 },
        body: { text },
      })
    : await call<Message[] | undefined>("POST", "/agent/v1/message/search", {
        query: { limit: 50, sortDir: "DESC" },
        body: { text, streamId: stream },
      })) ?? [];

/** message returns a message; undefined if the caller cannot read it. */
export const message = async (mid: string) =>
  (await call<Message | undefined>("GET", `/agent/v1/message/${id(mid)}`)) ?? null;

export const messageStatus = (mid: string) => call<MessageStatus>("GET", `/pod/v1/message/${id(mid)}/status`);
export const suppress = (mid: string) => call<void>("POST", `/pod/v1/admin/messagesuppression/${id(mid)}/suppress`);
export const forward = (stream: string, mid: string, to: string) =>
  call<Message>("POST", `/podium/v1/stream/${id(stream)}/message/${id(mid)}/forward`, { body: { streamId: to } });
export const markRead = (stream: string, mid: string) =>
  call<void>("POST", `/podium/v1/stream/${id(stream)}/message/${id(mid)}/read`);
export const tellTyping = (stream: string) => call<void>("POST", `/podium/v1/stream/${id(stream)}/typing`);
export const submitForm = (stream: string, mid: string, formId: string, formValues: FormValues) =>
  call<void>("POST", `/podium/v1/stream/${id(stream)}/message/${id(mid)}/form/submit`, {
    body: { formId, formValues },
  });

/** attachment returns the content of a file of a message, in Base64. */
export const attachmentPath = (stream: string) => `/agent/v1/stream/${id(stream)}/attachment`;
export const allowedTypes = () => call<string[]>("GET", "/pod/v1/files/allowedTypes");

export const openIM = async (users: number[]) =>
  (await call<{ id: string }>("POST", "/pod/v1/im/create", { body: users })).id;
export const createRoom = (attributes: Partial<RoomAttributes>) =>
  call<Room>("POST", "/pod/v3/room/create", { body: attributes });
export const streamInfo = (stream: string) => call<StreamInfo>("GET", `/pod/v2/streams/${id(stream)}/info`);
export const roomInfo = (room: string) => call<Room>("GET", `/pod/v3/room/${id(room)}/info`);
export const updateRoom = (room: string, attributes: Partial<RoomAttributes>) =>
  call<Room>("POST", `/pod/v3/room/${id(room)}/update`, { body: attributes });
export const setRoomActive = (room: string, active: boolean) =>
  call<void>("POST", `/pod/v1/room/${id(room)}/setActive`, { query: { active } });
export const roomMembers = (room: string) => call<Member[]>("GET", `/pod/v2/room/${id(room)}/membership/list`);
export const changeMember = (room: string, what: "add" | "remove" | "promoteOwner" | "demoteOwner", user: number) =>
  call<void>("POST", `/pod/v1/room/${id(room)}/membership/${what}`, { body: { id: user } });
export const searchRooms = async (query: string) =>
  (
    await call<{ rooms?: Room[] } | undefined>("POST", "/pod/v3/room/search", {
      query: { limit: 20 },
      body: { query, active: true },
    })
  )?.rooms ?? [];

/** searchPeople finds enabled users. local: of the caller's company alone. */
export const searchPeople = async (query: string, local = false, limit = 20) =>
  (
    await call<{ users?: Person[] } | undefined>("POST", "/pod/v1/user/search", {
      query: { limit, local },
      body: { query },
    })
  )?.users ?? [];

/** people looks users up by their ids, at most 100. */
export const people = async (ids: number[]) =>
  (await call<{ users?: Person[] } | undefined>("GET", "/pod/v3/users", { query: { uid: ids.join(",") } }))?.users ??
  [];

export const ownPresence = () => call<Presence>("GET", "/pod/v2/user/presence");
export const setPresence = (category: Category, soft: boolean) =>
  call<Presence>("POST", "/pod/v2/user/presence", { query: { soft }, body: { category } });
export const presenceOf = (user: number) => call<Presence>("GET", `/pod/v3/user/${user}/presence`);
export const registerInterest = (users: number[]) =>
  call<void>("POST", "/pod/v1/user/presence/register", { body: users });

export const connections = () => call<Connection[]>("GET", "/pod/v1/connection/list", { query: { status: "ALL" } });
export const connection = (user: number) => call<Connection>("GET", `/pod/v1/connection/user/${user}/info`);
export const changeConnection = (what: "create" | "accept" | "reject", user: number) =>
  call<Connection>("POST", `/pod/v1/connection/${what}`, { body: { userId: user } });
export const removeConnection = (user: number) => call<void>("POST", `/pod/v1/connection/user/${user}/remove`);
