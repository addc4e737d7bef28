// The operations of administrators that are about the company rather than one person.

import { call } from "./call";

export interface Stream {
  id: string;
  type: "IM" | "MIM" | "ROOM" | "POST";
  isActive: boolean;
  isExternal: boolean;
  isPublic?: boolean;
  crossPod: boolean;
  origin: string;
  attributes: {
    roomName?: string;
    roomDescription?: string;
    createdByUserId: number;
    createdDate: number;
    lastMessageDate?: number;
    members?: number[];
    membersCount: number;
    originCompany?: string;
  };
}

export interface StreamFilter {
  streamTypes?: { type: string }[];
  status?: string;
  scope?: string;
  privacy?: string;
}

export interface StreamMember {
  user: { userId: number; displayName: string; company: string; email?: string; isExternal: boolean };
  isOwner: boolean;
  isCreator: boolean;
  joinDate: number;
}

const part = encodeURIComponent;

export const listStreams = (filter: StreamFilter, skip: number, limit: number, signal?: AbortSignal) =>
  call<{ streams: Stream[]; count: number }>("POST", "/pod/v2/admin/streams/list", {
    query: { skip, limit },
    body: filter,
    signal,
  });
export const streamMembers = (id: string, skip: number, limit: number, signal?: AbortSignal) =>
  call<{ members: StreamMember[]; count: number }>("GET", `/pod/v1/admin/stream/${part(id)}/membership/list`, {
    query: { skip, limit },
    signal,
  });
export const addToRoom = (id: string, user: number) =>
  call<void>("POST", `/pod/v1/admin/room/${part(id)}/membership/add`, { body: { id: user } });
export const removeFromRoom = (id: string, user: number) =>
  call<void>("POST", `/pod/v1/admin/room/${part(id)}/membership/remove`, { body: { id: user } });
export const setRoomActive = (id: string, active: boolean) =>
  call<void>("POST", `/pod/v1/admin/room/${part(id)}/setActive`, { query: { active } });

export interface AppEntitlement {
  appId: string;
  appName: string;
  enable: boolean;
  install: boolean;
  listed: boolean;
}

export interface Application {
  applicationInfo?: {
    appId?: string | null;
    name?: string | null;
    publisher?: string | null;
    domain?: string | null;
    appUrl?: string | null;
  } | null;
  description?: string | null;
  allowOrigins?: string | null;
  iconUrl?: string | null;
  permissions: string[];
  authenticationKeys?: { current?: { key?: string | null } | null } | null;
}

export const appEntitlements = () => call<AppEntitlement[]>("GET", "/pod/v1/admin/app/entitlement/list");
export const setAppEntitlement = (e: AppEntitlement) =>
  call<AppEntitlement[]>("POST", "/pod/v1/admin/app/entitlement/list", { body: [e] });
export const application = (id: string) => call<Application>("GET", `/pod/v1/admin/app/${part(id)}/get`);
export const createApplication = (app: Application) =>
  call<Application>("POST", "/pod/v1/admin/app/create", { body: app });
export const deleteApplication = (id: string) => call<void>("POST", `/pod/v1/admin/app/${part(id)}/delete`);

export type CertStatus = "TRUSTED" | "KNOWN" | "REVOKED" | "DISABLED";
export type CertType = "USERSIGNING" | "USER" | "OPERATIONSSIGNING" | "OPERATIONSUSER";

export interface Certificate {
  companyCertAttributes: { name: string; status: { type: CertStatus }; type: { type: CertType } };
  companyCertInfo: { commonName: string; expiryDate: number; fingerPrint: string; lastSeen: number; updatedAt: number };
}

export const certificates = (skip: number, limit: number, signal?: AbortSignal) =>
  call<Certificate[]>("GET", "/pod/v1/companycert/list", { query: { skip, limit }, signal });
export const createCertificate = (pem: string, name: string, type: CertType, status: CertStatus) =>
  call<void>("POST", "/pod/v2/companycert/create", {
    body: { pem, attributes: { name, type: { type }, status: { type: status } } },
  });
export const setCertificateStatus = (fingerprint: string, type: CertStatus) =>
  call<void>("POST", `/pod/v1/companycert/${part(fingerprint)}/update`, { body: { status: { type } } });
export const deleteCertificate = (id: string) => call<void>("POST", "/pod/v1/companycert/delete", { body: { id } });

export interface BarrierGroup {
  id: string;
  name: string;
  active: boolean;
  memberCount: number;
  policies: string[];
}

export interface BarrierPolicy {
  id: string;
  active: boolean;
  policyType: string;
  groups: string[];
}

export const barrierGroups = () => call<BarrierGroup[]>("GET", "/pod/v1/admin/group/list");
export const barrierPolicies = () => call<BarrierPolicy[]>("GET", "/pod/v1/admin/policy/list");
export const barrierMembers = (id: string) =>
  call<number[]>("GET", `/pod/v1/admin/group/${part(id)}/membership/list`, { query: { limit: 1000 } });
export const changeBarrierMember = (id: string, user: number, what: "add" | "remove") =>
  call<{ overallResult: string; results: string[] }>("POST", `/pod/v1/admin/group/${part(id)}/membership/${what}`, {
    body: [user],
  });

export interface Disclaimer {
  id: string;
  name: string;
  content: string;
  frequencyInHours: number;
  isActive: boolean;
  isDefault: boolean;
  format: string;
}

export const disclaimers = () => call<Disclaimer[]>("GET", "/pod/v1/admin/disclaimer/list");
export const disclaimerUsers = (id: string) => call<number[]>("GET", `/pod/v1/admin/disclaimer/${part(id)}/users`);
export const giveDisclaimer = (user: number, id: string) =>
  call<void>("POST", `/pod/v1/admin/user/${user}/disclaimer/update`, { body: { id } });
export const takeDisclaimer = (user: number) => call<void>("DELETE", `/pod/v1/admin/user/${user}/disclaimer`);

export interface FileExtension {
  extension: string;
  scope_internal: boolean;
  scope_external: boolean;
  scope_xpod: boolean;
  source: string;
}

export const fileExtensions = async (after: string | undefined, limit: number, signal?: AbortSignal) =>
  call<{ data: FileExtension[]; paging?: { cursors?: { after?: string }; next?: string } }>(
    "GET",
    "/pod/file_ext/v1/allowed_extensions",
    { query: { after, limit }, signal },
  );
export const setFileExtension = (e: FileExtension) =>
  call<void>("PUT", `/pod/file_ext/v1/allowed_extensions/${part(e.extension)}`, { body: e });
export const removeFileExtension = (extension: string) =>
  call<void>("DELETE", `/pod/file_ext/v1/allowed_extensions/${part(extension)}`);
export const protocols = () => call<string[]>("GET", "/pod/v2/system/protocols", { query: { limit: 1000 } });
export const allowProtocol = (scheme: string) =>
  call<void>("POST", "/pod/v1/admin/system/protocols", { body: { scheme } });
export const disallowProtocol = (scheme: string) =>
  call<void>("DELETE", `/pod/v1/admin/system/protocols/${part(scheme)}`);
export const languages = () => call<{ languages: string[] }>("GET", "/pod/v1/languages");

export interface List {
  groupId: number;
  name: string;
  displayName: string;
  email?: string;
  active: boolean;
  createdDate: number;
  members: { userId: number }[];
}

export const lists = (lastGroupId: number | undefined, limit: number, signal?: AbortSignal) =>
  call<List[]>("GET", "/v1/groups/sdl/list", { query: { lastGroupId, limit }, signal });

export interface Policy {
  policyId: string;
  name: string;
  active: boolean;
  systemPolicy: boolean;
  scopes: string[];
  appliesTo: { action: string; dataType: string; rules: { type: string }[] }[];
  version: string;
  lastUpdatedDate: number;
}

export interface Dictionary {
  dictRef: { dictId: string; name: string; version: string };
  type: string;
  lastUpdatedDate: number;
}

export interface Violation {
  entityID: string;
  action: string;
  createTime: number;
  requesterId: number;
  enforcementEventID: string;
  outcome: { type: string };
}

export const policies = async (page: number, signal?: AbortSignal) =>
  call<{ policies: Policy[] }>("GET", "/agent/v3/dlp/policies", { query: { page, limit: 50 }, signal });
export const changePolicy = (id: string, what: "enable" | "disable" | "delete") =>
  call<void>("POST", `/agent/v3/dlp/policies/${part(id)}/${what}`);
export const dictionaries = (page: number, signal?: AbortSignal) =>
  call<{ items: Dictionary[] }>("GET", "/agent/v1/dlp/dictionaries", { query: { page, limit: 50 }, signal });
export const createDictionary = (name: string, type: string) =>
  call<{ data: Dictionary }>("POST", "/agent/v1/dlp/dictionaries", { body: { name, type } });
export const deleteDictionary = (id: string) => call<void>("DELETE", `/agent/v1/dlp/dictionaries/${part(id)}`);
export const uploadDictionary = (id: string, file: File) => {
  const form = new FormData();
  form.append("data", file);
  return call<void>("POST", `/agent/v1/dlp/dictionaries/${part(id)}/data/upload`, { form });
};
export const violations = (
  kind: "message" | "stream" | "signal",
  startTime: number,
  next: string | undefined,
  signal?: AbortSignal,
) =>
  call<{ violations: { violation: Violation }[]; nextOffset?: string | null }>(
    "GET",
    `/agent/v3/dlp/violations/${kind}`,
    { query: { startTime, next, limit: 100 }, signal },
  );

export interface Presence {
  userId: number;
  category: string;
  timestamp: number;
}

export const presences = (lastUserId: number | undefined, limit: number, signal?: AbortSignal) =>
  call<Presence[]>("GET", "/pod/v2/users/presence", { query: { lastUserId, limit }, signal });
