import type { Attributes } from "../../api/admin";

/** csv reads a file of comma, semicolon or tab separated values (RFC 4180, and what programs write). */
export function csv(text: string): string[][] {
  let rest = text.replace(/^\uFEFF/, "");
  const told = /^sep=(.)\r?\n/i.exec(rest);
  if (told) rest = rest.slice(told[0].length);
  const separator = told?.[1] ?? guess(rest);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < rest.length; i++) {
    const c = rest[i] as string;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (rest[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell === "") quoted = true;
    else if (c === separator) {
      row.push(cell);
      cell = "";
    } else if (c === "\n" || c === "\r") {
      if (c === "\r" && rest[i + 1] === "\n") i++;
      row.push(cell);
      rows.push(row);
      row = [];
      cell = "";
    } else cell += c;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((c) => c.trim() !== ""));
}

/** guess returns the separator that the first line has most of. */
function guess(text: string): string {
  const line = text.split(/\r|\n/, 1)[0] ?? "";
  const often = (c: string) => line.split(c).length;
  return [",", ";", "\t"].reduce((best, c) => (often(c) > often(best) ? c : best));
}

// The columns, and other names that programs give them, as `podium users import` knows them.
const texts: Record<string, string[]> = {
  userName: ["login", "user", "uid", "samaccountname"],
  emailAddress: ["email", "mail"],
  displayName: ["name", "fullname"],
  firstName: ["givenname", "forename"],
  lastName: ["surname", "familyname", "sn"],
  companyName: ["company", "organization", "organisation"],
  title: ["jobtitle"],
  department: [],
  division: [],
  location: ["office", "city"],
  jobFunction: [],
  workPhoneNumber: ["workphone", "phone", "telephone", "telephonenumber"],
  mobilePhoneNumber: ["mobilephone", "mobile", "cell"],
  smsNumber: ["sms"],
  twoFactorAuthPhone: [],
  recommendedLanguage: ["language"],
};
const lists = ["assetClasses", "industries", "marketCoverage", "responsibility", "function", "instrument"];
const others: Record<string, string[]> = {
  accountType: ["type"],
  roles: ["role"],
  currentKey: ["key", "publickey", "rsakey"],
};
const ignored = ["id", "status", "createdDate", "lastLoginDate"];

const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, "");
const known = new Map<string, string>();
for (const [name, aliases] of [...Object.entries(texts), ...Object.entries(others)]) {
  for (const alias of [name, ...aliases]) known.set(bare(alias), name);
}
for (const name of [...lists, ...ignored]) known.set(bare(name), name);

/** A row of a file, as an account to be made. */
export interface Entry {
  row: number;
  attributes: Attributes;
  roles: string[];
}

export interface Parsed {
  entries: Entry[];
  /** Names of columns that are not imported. */
  unknown: string[];
  /** The header names no column by which an account is known. */
  noHeader: boolean;
}

/** read reads the accounts of a file. */
export function read(text: string): Parsed {
  const [header = [], ...rows] = csv(text);
  const columns = header.map((name) => known.get(bare(name)));
  const unknown = header.filter((name, i) => name.trim() !== "" && columns[i] === undefined);
  const noHeader = !columns.includes("userName") && !columns.includes("emailAddress");
  return { entries: rows.map((cells, i) => entry(i + 1, columns, cells)), unknown, noHeader };
}

const split = (cell: string) =>
  cell
    .split(/[;|,]/)
    .map((v) => v.trim())
    .filter(Boolean);

function entry(row: number, columns: (string | undefined)[], cells: string[]): Entry {
  const attributes: Attributes = { accountType: "NORMAL" };
  let roles: string[] = [];
  columns.forEach((name, i) => {
    const cell = (cells[i] ?? "").trim();
    if (!name || cell === "" || ignored.includes(name)) return;
    if (name === "roles") roles = split(cell);
    else if (name === "currentKey") attributes.currentKey = { key: cell };
    else if (name === "accountType") attributes.accountType = type(cell);
    else attributes[name] = lists.includes(name) ? split(cell) : cell;
  });
  attributes.displayName ||= `${attributes.firstName ?? ""} ${attributes.lastName ?? ""}`.trim();
  return { row, attributes, roles };
}

function type(cell: string) {
  return /^(system|service|bot)/i.test(cell) ? "SYSTEM" : "NORMAL";
}
