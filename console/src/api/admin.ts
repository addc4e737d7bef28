// The operations of administrators, and what they answer.

import { call } from "./call";

export interface Key {
  key?: string;
  expirationDate?: number;
  action?: "SAVE" | "REVOKE" | "EXTEND";
}

export interface Attributes {
  accountType?: "NORMAL" | "SYSTEM" | "SDL";
  userName?: string;
  emailAddress?: string;
  displayName?: string;
  firstName?: string;
  lastName?: string;
  companyName?: string;
  title?: string;
  department?: string;
  division?: string;
  location?: string;
  jobFunction?: string;
  workPhoneNumber?: string;
  mobilePhoneNumber?: string;
  currentKey?: Key;
  previousKey?: Key;
  [list: string]: unknown;
}

export interface SystemInfo {
  id: number;
  status: "ENABLED" | "DISABLED";
  suspended: boolean;
  suspendedUntil?: number;
  suspensionReason?: string;
  createdDate: number;
  createdBy?: string;
  lastUpdatedDate: number;
  lastLoginDate?: number;
}

export interface Detail {
  userAttributes: Attributes;
  userSystemInfo: SystemInfo;
  roles: string[];
}

export interface User {
  id: number;
  username: string;
  displayName: string;
  accountType: string;
  company?: string;
  emailAddress?: string | null;
  department?: string | null;
  title?: string | null;
  roles?: string[] | null;
  avatars?: { size: string; url: string }[];
}

export interface Status {
  status?: "ENABLED" | "DISABLED";
  suspended?: boolean;
  suspendedUntil?: number;
  suspensionReason?: string;
}

export interface Role {
  id: string;
  name: string;
  optionalActions: string[];
  userTypes: string[];
}

export interface Feature {
  entitlment: string;
  enabled: boolean;
}

export interface Session {
  sessionId: string;
  browser: string;
  os: string;
  device: string;
  clientIp: string;
  userAgent: string;
  creationTime: number;
  expirationDelay: number;
}

export interface Found {
  role?: string;
  status?: string;
  feature?: string;
}

const user = (uid: number | string) => `/pod/v1/admin/user/${uid}`;

export const listPeople = (skip: number, limit: number, signal?: AbortSignal) =>
  call<Detail[]>("GET", "/pod/v2/admin/user/list", { query: { skip, limit }, signal });
export const findPeople = (find: Found, skip: number, limit: number, signal?: AbortSignal) =>
  call<Detail[]>("POST", "/pod/v1/admin/user/find", { query: { skip, limit }, body: find, signal });
export const searchPeople = (query: string, skip: number, limit: number, signal?: AbortSignal) =>
  call<{ users: User[] }>("POST", "/pod/v1/user/search", {
    query: { skip, limit, local: true },
    body: { query },
    signal,
  });
/** usersById returns accounts, at most 100 at once. */
export const usersById = (ids: (number | string)[]) =>
  call<{ users: User[] }>("GET", "/pod/v3/users", { query: { uid: ids.join(",") } });

export const person = (uid: number | string) => call<Detail>("GET", `/pod/v2/admin/user/${uid}`);
export const createPerson = (userAttributes: Attributes, roles: string[]) =>
  call<Detail>("POST", "/pod/v2/admin/user/create", { body: { userAttributes, roles } });
export const updatePerson = (uid: number, attributes: Attributes) =>
  call<Detail>("POST", `/pod/v2/admin/user/${uid}/update`, { body: attributes });
export const setStatus = (uid: number, status: Status) =>
  call<void>("POST", `${user(uid)}/status/update`, { body: status });
export const setSuspension = (uid: number, status: Status) =>
  call<void>("PUT", `${user(uid)}/suspension/update`, { body: status });

export const roles = () => call<Role[]>("GET", "/pod/v1/admin/system/roles/list");
export const addRole = (uid: number, id: string) => call<void>("POST", `${user(uid)}/roles/add`, { body: { id } });
export const removeRole = (uid: number, id: string) =>
  call<void>("POST", `${user(uid)}/roles/remove`, { body: { id } });

export const features = () => call<string[]>("GET", "/pod/v1/admin/system/features/list");
export const featuresOf = (uid: number) => call<Feature[]>("GET", `${user(uid)}/features`);
export const setFeature = (uid: number, feature: Feature) =>
  call<void>("POST", `${user(uid)}/features/update`, { body: [feature] });

export const sessionsOf = async (uid: number) =>
  (await call<{ sessions: Session[] }>("GET", `/pod/v1/users/${uid}/sessions`))?.sessions ?? [];
export const endSessions = (uid: number) => call<void>("POST", `/pod/v1/users/${uid}/sessions/logout`);
export const endSession = (uid: number, sid: string) =>
  call<void>("POST", `/pod/v1/users/${uid}/sessions/${encodeURIComponent(sid)}/logout`);

export const delegatesOf = (uid: number) => call<number[]>("GET", `${user(uid)}/delegates`);
export const changeDelegate = (uid: number, userId: number, action: "ADD" | "REMOVE") =>
  call<void>("POST", `${user(uid)}/delegates/update`, { body: { userId, action } });

export const avatarsOf = (uid: number) => call<{ size: string; url: string }[]>("GET", `${user(uid)}/avatar`);
export const setAvatar = (uid: number, image: string) =>
  call<void>("POST", `${user(uid)}/avatar/update`, { body: { image } });

/** An action of the audit trail. */
export interface TrailItem {
  action: string;
  actionName: string;
  timestamp: string;
  initiatorId: string;
  initiatorUsername: string;
  initiatorEmailAddress: string;
  authorizationRoles: string[];
  affectedId?: number;
  affectedUsername?: string;
  affectedEmailAddress?: string;
  attribute?: string;
  oldValue?: string;
  newValue?: string;
  threadId?: string;
  scope?: string;
  conversationType?: string;
  appId?: string;
  appName?: string;
}

export interface TrailQuery {
  startTimestamp: number;
  endTimestamp?: number;
  initiatorId?: string;
  role?: string;
  [more: string]: string | number | undefined;
}

export const trail = (query: TrailQuery, after: string | undefined, limit: number, signal?: AbortSignal) =>
  call<{ items: TrailItem[]; pagination: { cursors: { after?: string } } }>(
    "GET",
    "/agent/v1/audittrail/privilegeduser",
    {
      query: { ...query, after, limit },
      signal,
    },
  );

export interface Verification {
  whole: boolean;
  verified: number;
  sealed: number;
  unsealed: number;
  next?: number;
  newest?: string;
  checkpoint?: { number: number; hash: string; at: number; kid: string; signature: string };
  broken?: { table: string; number: number; what: string };
}

export const verifyTrail = (after: number, signal?: AbortSignal) =>
  call<Verification>("GET", "/podium/v1/audittrail/verification", { query: { after }, signal });
