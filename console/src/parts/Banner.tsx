import type { ReactNode } from "react";

/** What went well or wrong, told to screen readers too. */
export function Banner({ kind, children }: { kind: "good" | "warn" | "bad" | "info"; children: ReactNode }) {
  return (
    <div className={`banner ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}
