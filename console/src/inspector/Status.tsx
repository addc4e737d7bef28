/** The status of an answer. */
export function Status({ status }: { status: number }) {
  const look = status < 300 ? "good" : status < 400 ? "" : status < 500 ? "warn" : "bad";
  return <span className={`badge ${look}`}>{status}</span>;
}

/** took shows a time in microseconds. */
export function took(micros: number): string {
  if (micros < 10_000) return `${(micros / 1000).toFixed(1)} ms`;
  if (micros < 10_000_000) return `${Math.round(micros / 1000)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}
