// The operations of the inspector: what was called, and what was answered.

import { call } from "./call";

export interface Call {
  id: string;
  node: string;
  timestamp: number;
  tookMicros: number;
  traceId: string;
  operation?: string;
  method: string;
  path: string;
  status: number;
  userId?: number;
  username?: string;
  appId?: string;
  session?: string;
  address: string;
  userAgent?: string;
  reason?: string;
  requestSize: number;
  answerSize: number;
  eventCount?: number;
  acknowledges?: boolean;
}

export interface Header {
  name: string;
  value: string;
}

export interface Part {
  headers: Header[];
  mediaType?: string;
  size: number;
  body?: string;
  cut: boolean;
  form?: { name: string; value?: string; file?: string; size: number }[];
}

export interface Missing {
  needs: string;
  scope?: string;
  rights?: { right: string; roles: string[] }[];
  oneIsEnough?: boolean;
  permissions?: string[];
  grantedBy?: string[];
}

export interface Detail extends Call {
  request: Part;
  answer: Part;
  missing?: Missing;
  usedRights?: string[];
  events?: { id: string; type: string }[];
  ackId?: string;
  acknowledged?: number;
  acknowledgedBy?: string;
}

export interface Calls {
  node: string;
  since: number;
  calls: Call[];
  more: boolean;
}

export interface Rights {
  node: string;
  since: number;
  calls: number;
  operations: string[];
  used: { name: string; calls: number; lastUsed: number; operations: string[] }[];
  unused: string[];
  roles: { role: string; used: number; rights: number }[];
}

/** The text in place of a secret. */
export const mask = "***";

const root = "/podium/v1/inspector";

export const streamOfCalls = `${root}/calls/events`;

export const listCalls = (
  account: number | undefined,
  before: string | undefined,
  limit: number,
  signal?: AbortSignal,
) => call<Calls>("GET", `${root}/calls`, { query: { account, before, limit }, signal });
export const getCall = (id: string, signal?: AbortSignal) =>
  call<Detail>("GET", `${root}/calls/${encodeURIComponent(id)}`, { signal });
export const rightsOf = (account: number | undefined) => call<Rights>("GET", `${root}/rights`, { query: { account } });
