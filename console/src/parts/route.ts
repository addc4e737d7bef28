// The place in the console is in the address's fragment: #/chat/ID. The fragment is never sent.

import { useSyncExternalStore } from "react";

function subscribe(changed: () => void) {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

const hash = () => location.hash;

/** useRoute returns the parts of the place and its query: ["chat", "ID"]. */
export function useRoute(): { parts: string[]; query: URLSearchParams } {
  return parse(useSyncExternalStore(subscribe, hash));
}

export function parse(fragment: string): { parts: string[]; query: URLSearchParams } {
  const [path = "", query = ""] = fragment.replace(/^#\/?/, "").split("?", 2);
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  return { parts, query: new URLSearchParams(query) };
}

function decoded(part: string) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** to returns the address of a place. */
export function to(...parts: (string | number)[]): string {
  return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

/** go shows a place. replace: without a step back to the present one. */
export function go(place: string, replace = false) {
  if (replace) location.replace(place);
  else location.hash = place;
}
