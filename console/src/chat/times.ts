import { text } from "../text";

const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "short" });
const full = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const day = 86_400_000;
const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);

/** daysAgo returns how many midnights are between a time and now. */
const daysAgo = (at: number) => Math.round((midnight(Date.now()) - midnight(at)) / day);

export const clock = (at: number) => time.format(at);
export const dateAndTime = (at: number) => exact.format(at);

/** shortTime is the time of today, the day of this week, or the date. */
export function shortTime(at: number): string {
  const ago = daysAgo(at);
  return ago <= 0 ? time.format(at) : ago < 7 ? weekday.format(at) : date.format(at);
}

export function dayName(at: number): string {
  const ago = daysAgo(at);
  return ago === 0 ? text.chat.today : ago === 1 ? text.chat.yesterday : full.format(at);
}
