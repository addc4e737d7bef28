import { useSyncExternalStore } from "react";

const query = () => matchMedia("(max-width: 40rem)");

function subscribe(changed: () => void) {
  const media = query();
  media.addEventListener("change", changed);
  return () => media.removeEventListener("change", changed);
}

/** useNarrow reports whether the screen is as narrow as a phone's. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => query().matches);
