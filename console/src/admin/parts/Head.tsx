import type { ReactNode } from "react";
import { Banner } from "../../parts/Banner";
import { text } from "../../text";

/** The head of a page: its name, what it is for, and what can be done. */
export function Head({ title, lead, children }: { title: string; lead?: string; children?: ReactNode }) {
  return (
    <header className="page-head">
      <div>
        <h2>{title}</h2>
        {lead && <p>{lead}</p>}
      </div>
      {children && <div className="actions">{children}</div>}
    </header>
  );
}

/** What became of an act. */
export function Outcome({ error, done }: { error?: Error | null | undefined; done?: string | undefined }) {
  if (error) return <Banner kind="bad">{error.message}</Banner>;
  if (done) return <Banner kind="good">{done}</Banner>;
  return null;
}

/** What a query has to say instead of an answer. */
export function Waiting({ error }: { error: Error | null }) {
  return error ? <Banner kind="bad">{error.message}</Banner> : <p className="soft">{text.loading}</p>;
}
