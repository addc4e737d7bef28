import { useCallback, useEffect, useState } from "react";
import { type Verification, verifyTrail } from "../../api/admin";
import { Button } from "../../parts/Button";
import { text } from "../../text";
import { count, second } from "../parts/format";

const t = text.admin.trail;

/** Verifies the sealed log part by part, and shows how far it is whole. */
export function Verified() {
  const [state, setState] = useState<Verification>();
  const [error, setError] = useState<Error>();
  const [running, setRunning] = useState(false);
  const verify = useCallback(async (signal: AbortSignal) => {
    setRunning(true);
    setError(undefined);
    try {
      let after: number | undefined = 0;
      while (after !== undefined && !signal.aborted) {
        const part: Verification = await verifyTrail(after, signal);
        if (signal.aborted) return;
        setState(part);
        after = part.next;
      }
    } catch (e) {
      if (!signal.aborted) setError(e as Error);
    } finally {
      if (!signal.aborted) setRunning(false);
    }
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    verify(stop.signal);
    return () => stop.abort();
  }, [verify]);

  const kind = error || (state && !state.whole) ? "bad" : running || !state ? "info" : "good";
  return (
    <section className={`verified ${kind}`} aria-label={t.verification}>
      <div role="status">
        <strong>
          {error?.message ??
            (!state ? text.loading : !state.whole ? t.broken : running ? t.verifying : t.whole(count(state.verified)))}
        </strong>
        {state?.broken && <p>{t.brokenAt(state.broken.table, state.broken.number, state.broken.what)}</p>}
        {state && (
          <p className="soft">
            {t.sealed(count(state.verified), count(state.sealed))}
            {state.checkpoint && ` ${t.checkpoint(count(state.checkpoint.number), second(state.checkpoint.at))}`}
          </p>
        )}
      </div>
      <Button isDisabled={running} onPress={() => verify(new AbortController().signal)}>
        {t.verify}
      </Button>
    </section>
  );
}
