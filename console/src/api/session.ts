import { call, Refused } from "./call";

/** The caller, as GET /pod/v2/sessioninfo answers. */
export interface Me {
  id: number;
  username: string;
  displayName: string;
  emailAddress?: string;
  company: string;
  companyId?: number;
  title?: string;
  avatars?: { size: string; url: string }[];
  roles?: string[];
}

/** How one can sign in, as GET /podium/v1/signin answers. */
export interface SignInMethods {
  company: { id: number; name: string };
  version: string;
  methods: ("demo" | "password" | "oidc" | "link")[];
  people?: { username: string; displayName: string; roles?: string[] }[];
}

/** me returns the caller; null: no session. */
export async function me(): Promise<Me | null> {
  try {
    return await call<Me>("GET", "/pod/v2/sessioninfo");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return null;
    throw error;
  }
}

export const signInMethods = () => call<SignInMethods>("GET", "/podium/v1/signin");
export const signInAs = (username: string) => call<void>("POST", "/podium/v1/signin/demo", { body: { username } });
export const signInByLink = (code: string) => call<void>("POST", "/podium/v1/signin/link", { body: { code } });
export const signInByPassword = (username: string, password: string) =>
  call<void>("POST", "/podium/v1/signin/password", { body: { username, password } });
export const signOut = () => call<void>("POST", "/podium/v1/signout");
