import { useEffect, useRef, useState } from "react";
import { watch } from "../api/events";
import { type Call, listCalls, streamOfCalls } from "../api/inspector";

const most = 2000; // calls that the page keeps
const pageSize = 200;

export interface Recorded {
  calls: Call[];
  node: string;
  since: number;
  connected: boolean;
  error: Error | undefined;
}

const nothing: Recorded = { calls: [], node: "", since: 0, connected: false, error: undefined };

/** useCalls lists the recorded calls of an account, the newest first, and follows those that come. */
export function useCalls(account: number | undefined, paused: boolean): Recorded {
  const [state, setState] = useState(nothing);
  const held = useRef<Call[]>([]); // that came while the list is paused
  const waits = useRef(paused);
  useEffect(() => {
    waits.current = paused;
    if (paused) return;
    const came = held.current;
    held.current = [];
    setState((s) => ({ ...s, calls: merged(came, s.calls) }));
  }, [paused]);
  useEffect(() => {
    const stop = new AbortController();
    setState(nothing);
    held.current = [];
    const load = async () => {
      try {
        const page = await listCalls(account, undefined, pageSize, stop.signal);
        setState((s) => ({
          ...s,
          calls: merged(s.calls, page.calls),
          node: page.node,
          since: page.since,
          error: undefined,
        }));
      } catch (error) {
        if (!stop.signal.aborted) setState((s) => ({ ...s, error: error as Error }));
      }
    };
    load(); // also where the stream cannot begin, to say why
    const end = watch({
      path: streamOfCalls,
      query: account === undefined ? {} : { account: String(account) },
      on: (event) => {
        if (event.type !== "call") return;
        const call = JSON.parse(event.data) as Call;
        if (waits.current) held.current.unshift(call);
        else setState((s) => ({ ...s, calls: merged([call], s.calls) }));
      },
      connected: (connected) => {
        setState((s) => ({ ...s, connected }));
        if (connected) load(); // what came between the list and the stream
      },
      missed: load,
    });
    return () => {
      stop.abort();
      end();
    };
  }, [account]);
  return state;
}

/** merged puts calls before others, each once, and forgets the oldest. */
export function merged(newer: Call[], older: Call[]): Call[] {
  const seen = new Set(newer.map((c) => c.id));
  const all = [...newer, ...older.filter((c) => !seen.has(c.id))];
  all.sort((a, b) => b.timestamp + b.tookMicros / 1000 - (a.timestamp + a.tookMicros / 1000));
  return all.slice(0, most);
}

export interface Filter {
  text: string;
  /** "2", "4" or "5": the first digit; empty: all. */
  status: string;
}

/** passes reports whether a call is as a filter wants it. */
export function passes(call: Call, filter: Filter): boolean {
  if (filter.status !== "" && String(call.status)[0] !== filter.status) return false;
  const all = `${call.operation ?? ""} ${call.method} ${call.path} ${call.username ?? ""} ${call.status}`.toLowerCase();
  return filter.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
