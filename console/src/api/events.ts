// Server-sent events by fetch: EventSource can send no header, and the cookie counts only with ours.

import { addressOf, Refused, refusal } from "./call";

export interface ServerEvent {
  id: string;
  type: string;
  data: string;
}

/** A stream that goes on by itself after its connection ended. */
export interface Watch {
  path: string;
  query?: Record<string, string>;
  /** The id of the event after which the stream begins; absent: with what happens from now on. */
  from?: string;
  /** Called for each event, in order. */
  on: (event: ServerEvent) => void;
  /** Called when the stream is connected (true) or was lost (false). */
  connected?: (yes: boolean) => void;
  /** Called when events were missed: what is shown must be read again. */
  missed?: () => void;
}

const firstDelay = 300; // milliseconds
const longestDelay = 8_000;

/** watch follows a stream until the returned function is called. */
export function watch(w: Watch): () => void {
  const stop = new AbortController();
  run(w, stop.signal);
  return () => stop.abort();
}

async function run(w: Watch, signal: AbortSignal) {
  let last = w.from ?? "";
  let delay = firstDelay;
  let lost = false;
  while (!signal.aborted) {
    try {
      await once(w, last, signal, (event) => {
        if (event) {
          last = event.id || last;
          w.on(event);
          return;
        }
        if (lost && !last) w.missed?.();
        delay = firstDelay;
        w.connected?.(true);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && error.status === 400) {
        last = w.from ?? ""; // the pod no longer has what followed
        w.missed?.();
      }
      if (error instanceof Refused && (error.status === 401 || error.status === 403 || error.status === 404)) return;
    }
    if (signal.aborted) return;
    lost = true;
    w.connected?.(false);
    await pause(delay, signal);
    delay = Math.min(longestDelay, delay * 2);
  }
}

function pause(milliseconds: number, signal: AbortSignal) {
  return new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    }
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

/** once reads one connection's events. handle gets undefined when it is connected. */
async function once(w: Watch, last: string, signal: AbortSignal, handle: (event?: ServerEvent) => void) {
  const headers: Record<string, string> = { "Podium-Console": "1", Accept: "text/event-stream" };
  if (last) headers["Last-Event-ID"] = last;
  const answer = await fetch(addressOf(w.path, w.query), { headers, signal, credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer, w.path);
  if (!answer.body) return;
  handle();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = parser(handle);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parse(value);
  }
}

/** parser returns a function that takes pieces of a stream and calls handle for each whole event. */
export function parser(handle: (event: ServerEvent) => void): (piece: string) => void {
  let rest = "";
  let id = "";
  let type = "";
  let data: string[] = [];
  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) handle({ id, type: type || "message", data: data.join("\n") });
        type = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "id") id = value;
      if (name === "event") type = value;
      if (name === "data") data.push(value);
    }
  };
}
