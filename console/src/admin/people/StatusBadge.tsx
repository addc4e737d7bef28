import { text } from "../../text";
import { when } from "../parts/format";

const t = text.admin.people;

export interface Props {
  status?: "ENABLED" | "DISABLED" | undefined;
  suspended?: boolean | undefined;
  suspendedUntil?: number | undefined;
}

/** Whether an account can log in. */
export function StatusBadge({ status, suspended, suspendedUntil }: Props) {
  if (status === "DISABLED") return <span className="badge bad">{t.disabled}</span>;
  if (suspended) {
    return (
      <span className="badge warn" title={t.until(when(suspendedUntil))}>
        {t.suspended}
      </span>
    );
  }
  return status ? <span className="badge good">{t.enabled}</span> : null;
}
