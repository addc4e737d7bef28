import type { ReactNode } from "react";

/** Text of a program, which scrolls by keyboard too. */
export function Code({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="body" tabIndex={0} aria-label={label}>
      <pre>{children}</pre>
    </section>
  );
}
