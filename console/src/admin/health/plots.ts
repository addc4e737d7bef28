import type { Sample } from "../../api/health";
import { text } from "../../text";

const t = text.admin.health;

export interface Line {
  label: string;
  /** The name of a colour in tokens.css. */
  colour: string;
  of: (s: Sample) => number;
}

export interface Figure {
  title: string;
  unit: string;
  lines: Line[];
}

const mega = 1024 * 1024;

/** What is shown of a node. */
export const figures: Figure[] = [
  {
    title: t.requests,
    unit: t.perSecond,
    lines: [
      { label: t.all, colour: "--accent", of: (s) => s.requests },
      { label: t.refused, colour: "--warn", of: (s) => s.refused },
      { label: t.errors, colour: "--bad", of: (s) => s.errors },
    ],
  },
  {
    title: t.latency,
    unit: t.milliseconds,
    lines: [
      { label: t.median, colour: "--accent", of: (s) => s.p50Millis },
      { label: t.slowest, colour: "--warn", of: (s) => s.p99Millis },
    ],
  },
  {
    title: t.writes,
    unit: t.perSecond,
    lines: [
      { label: t.commits, colour: "--accent", of: (s) => s.commits },
      { label: t.batch, colour: "--good", of: (s) => s.batchSize },
    ],
  },
  {
    title: t.work,
    unit: t.operations,
    lines: [
      { label: t.running, colour: "--accent", of: (s) => s.running },
      { label: t.queue, colour: "--warn", of: (s) => s.queue },
    ],
  },
  {
    title: t.clients,
    unit: t.number,
    lines: [
      { label: t.connections, colour: "--accent", of: (s) => s.connections },
      { label: t.streams, colour: "--good", of: (s) => s.streams },
    ],
  },
  {
    title: t.memory,
    unit: t.megabytes,
    lines: [{ label: t.memory, colour: "--accent", of: (s) => s.memoryBytes / mega }],
  },
];

/** shown rounds a figure to what can be read at a glance. */
export function shown(value: number): string {
  if (value < 10 && !Number.isInteger(value)) return value.toFixed(1);
  return Math.round(value).toLocaleString();
}
