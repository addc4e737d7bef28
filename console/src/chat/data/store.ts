// A value outside of React that components follow.

import { useSyncExternalStore } from "react";

export class Store<T> {
  private readonly followers = new Set<() => void>();

  constructor(private value: T) {}

  get = () => this.value;

  set(value: T) {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const tell of this.followers) tell();
  }

  follow = (tell: () => void) => {
    this.followers.add(tell);
    return () => {
      this.followers.delete(tell);
    };
  };
}

/** useStore returns a part of a store's value, and follows that part alone. */
export function useStore<T, P>(store: Store<T>, part: (value: T) => P): P {
  return useSyncExternalStore(store.follow, () => part(store.get()));
}
