import { type RefObject, useEffect } from "react";

/** usePanes moves the focus from pane to pane by F6, back with Shift. */
export function usePanes(root: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "F6" || !root.current) return;
      event.preventDefault();
      const panes = [...root.current.querySelectorAll<HTMLElement>("[data-pane]")].filter(
        (p) => p.offsetParent !== null,
      );
      const now = panes.findIndex((p) => p.contains(document.activeElement));
      const next = panes[(now + (event.shiftKey ? -1 : 1) + panes.length) % panes.length];
      const target = next?.matches("[tabindex]")
        ? next
        : next?.querySelector<HTMLElement>("[data-pane-focus], a[href], button, textarea");
      target?.focus();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [root]);
}
