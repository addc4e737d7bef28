import { useCallback, useState } from "react";
import { text } from "../../text";

/** An act of the caller: whether it is under way, and why it failed. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const [done, setDone] = useState<string>();
  const act = useCallback(async (work: () => Promise<unknown>, said: string = text.admin.done) => {
    setBusy(true);
    setError(undefined);
    setDone(undefined);
    try {
      await work();
      setDone(said);
      return true;
    } catch (e) {
      setError(e as Error);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const forget = useCallback(() => {
    setError(undefined);
    setDone(undefined);
  }, []);
  return { busy, error, done, act, forget };
}

/** What was refused: by field, and the rest. */
export interface Problems {
  at: (field: string) => string | undefined;
  rest: string | undefined;
}

/**
 * problems finds the field that an error names. The pod's messages begin with it ("displayName: it
 * is required", "currentKey.key: …", "Invalid value for role: …").
 */
export function problems(error: Error | undefined, fields: string[]): Problems {
  if (!error) return { at: () => undefined, rest: undefined };
  const message = error.message;
  const named = /^(?:Invalid value for |Invalid )?([\w.[\]]+): (.+)$/s.exec(message);
  const path = named?.[1]?.toLowerCase().split(".") ?? [];
  const wording: [RegExp, string][] = [
    [/e-?mail address is already/i, "emailAddress"],
    [/user ?name is already/i, "userName"],
  ];
  const field =
    fields.find((f) => path.includes(f.toLowerCase())) ??
    fields.find((f) => wording.some(([words, of]) => of === f && words.test(message)));
  if (!field) return { at: () => undefined, rest: message };
  const why = named && path.includes(field.toLowerCase()) ? (named[2] ?? message) : message;
  return { at: (f) => (f === field ? why : undefined), rest: undefined };
}
