import { createPerson } from "../../api/admin";
import { Refused } from "../../api/call";
import type { Entry } from "./csv";

export type Outcome = "waiting" | "created" | "exists" | "refused";

/** What became of a row. */
export interface Verdict {
  row: number;
  user: string;
  outcome: Outcome;
  message: string;
}

const atOnce = 4; // calls

/**
 * importAll makes an account of each entry, some at a time, and calls told with each verdict. A row
 * whose account exists is not a mistake: the same file can be imported again.
 */
export async function importAll(entries: Entry[], stop: AbortSignal, told: (verdict: Verdict) => void) {
  const rest = entries.values();
  const work = async () => {
    for (const entry of rest) {
      if (stop.aborted) return;
      told(await importOne(entry));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function importOne({ row, attributes, roles }: Entry): Promise<Verdict> {
  const user = attributes.userName ?? attributes.emailAddress ?? "";
  try {
    await createPerson(attributes, roles);
    return { row, user, outcome: "created", message: "" };
  } catch (error) {
    const message = (error as Error).message;
    const exists = error instanceof Refused && error.status === 400 && /already exists/i.test(message);
    return { row, user, outcome: exists ? "exists" : "refused", message };
  }
}

/** verdictsAsCsv returns the verdicts as a file. A cell never begins as a formula of a spreadsheet. */
export function verdictsAsCsv(verdicts: Verdict[]): string {
  const cell = (value: string | number) => {
    const text = String(value);
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const rows = verdicts.map((v) => [v.row, v.user, v.outcome, v.message]);
  return [["row", "userName", "outcome", "message"], ...rows].map((r) => `${r.map(cell).join(",")}\r\n`).join("");
}
