// A browser opens at most six connections to a pod that speaks HTTP/1.1, for all windows together.
// So what only a person who looks needs is followed by the window that has the focus.

/** whileFocused runs something while the window has the focus. It returns how to stop. */
export function whileFocused(run: () => () => void): () => void {
  let stop: (() => void) | undefined;
  const changed = () => {
    const focused = document.hasFocus() && document.visibilityState === "visible";
    if (focused && !stop) stop = run();
    if (!focused && stop) {
      stop();
      stop = undefined;
    }
  };
  changed();
  addEventListener("focus", changed);
  addEventListener("blur", changed);
  document.addEventListener("visibilitychange", changed);
  return () => {
    removeEventListener("focus", changed);
    removeEventListener("blur", changed);
    document.removeEventListener("visibilitychange", changed);
    stop?.();
  };
}
