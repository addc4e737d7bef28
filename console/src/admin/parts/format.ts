const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const toTheSecond = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const number = new Intl.NumberFormat();

/** when shows a time in milliseconds. */
export const when = (time: number | string | undefined) => (time ? full.format(Number(time)) : "");
export const second = (time: number | string | undefined) => (time ? toTheSecond.format(Number(time)) : "");
export const date = (time: number | undefined) => (time ? day.format(time) : "");
export const count = (n: number) => number.format(n);

/** localInput is a time as an input of type datetime-local takes it. */
export function localInput(time: number): string {
  const at = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 16);
}

/** roleName turns an id of a role into words: SUPER_ADMINISTRATOR is Super administrator. */
export function roleName(id: string): string {
  const words = id.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
