// How nodes do: figures once a second.

import { call } from "./call";

export interface Sample {
  timestamp: number;
  seconds: number;
  requests: number;
  refused: number;
  errors: number;
  p50Millis: number;
  p99Millis: number;
  commits: number;
  batchSize: number;
  queue: number;
  running: number;
  streams: number;
  connections: number;
  memoryBytes: number;
  goroutines: number;
}

export interface NodeHealth {
  node: string;
  samples: Sample[];
}

export const nodeHealth = () => call<{ nodes: NodeHealth[] }>("GET", "/podium/v1/health/nodes");
export const streamOfHealth = "/podium/v1/health/nodes/events";
