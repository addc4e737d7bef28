// All texts of the console, in English. Another language is another file with the same members.

import { admin } from "./en/admin";
import { chat, markup } from "./en/chat";
import { inspector } from "./en/inspector";

export const en = {
  admin,
  inspector,
  chat,
  markup,
  product: "Podium",
  unreachable: "The pod cannot be reached. The console goes on by itself when it answers again.",
  loading: "Loading",
  close: "Close",
  cancel: "Cancel",
  tryAgain: "Try again",
  dismiss: "Dismiss",
  table: { empty: "There is nothing here.", loaded: (n: number) => `Loading, ${n.toLocaleString()} so far` },
  skip: "Skip to content",

  nav: {
    label: "Main",
    chat: "Chat",
    administration: "Administration",
    inspector: "Inspector",
    api: "API explorer",
    account: "Your account",
    signOut: "Sign out",
    theme: { label: "Appearance", system: "As the system", light: "Light", dark: "Dark" },
  },

  signIn: {
    title: "Sign in",
    lead: (company: string) => `to ${company}`,
    demo: "Demo people: one click signs in.",
    find: "Find a person",
    user: "User name",
    password: "Password",
    submit: "Sign in",
    oidc: "Sign in with your company's account",
    or: "or",
    link: "Signing in by link…",
    ended: "Your session has ended. Sign in again.",
    none: "No way to sign in by browser is switched on. An administrator can print a link: podium login-link.",
    errors: {
      401: "User name or password is wrong, or the account is disabled.",
      429: "Too many tries. Wait for a minute.",
      link: "This link was used before, or is older than ten minutes.",
      oidc: "Your company's account did not sign you in.",
    },
  },
};

export type Texts = typeof en;
