// What a person types becomes MessageML here. All of it is escaped; marks around words become tags.

import { emoji } from "./emoji";

/** A person who was chosen while typing: the text begins with @ and the name. */
export interface Mention {
  id: number;
  name: string;
}

const escapes: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };

/** escaped makes text of MessageML: of its tags, and of the marks of templates. */
export function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (c) => escapes[c] ?? c).replace(/[$#](?=\{)/g, (c) => (c === "$" ? "&#36;" : "&#35;"));
}

/** allowed reports whether a message may contain a character. */
function allowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return character === "\n" || character === "\t";
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

/** toMessageML returns the message that a typed text means. */
export function toMessageML(typed: string, mentions: Mention[]): string {
  const text = [...typed.replace(/\r\n?/g, "\n")].filter(allowed).join("").trim();
  const parts = text.split(/```(?:[a-z]*\n)?([\s\S]*?)```/);
  const out = parts.map((part, i) =>
    i % 2 === 1 ? `<pre>${escaped(part.replace(/\n$/, ""))}</pre>` : inline(part, mentions),
  );
  return `<messageML>${out.join("") || " "}</messageML>`;
}

type Rule = [pattern: RegExp, to: (match: RegExpExecArray, mentions: Mention[]) => string];

const rules: Rule[] = [
  [/`([^`\n]+)`/y, (m) => `<code>${escaped(m[1] ?? "")}</code>`],
  [/\*\*(?=\S)([^\n]+?)(?<=\S)\*\*/y, (m, mentions) => `<b>${inline(m[1] ?? "", mentions)}</b>`],
  [/_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)/y, (m, mentions) => `<i>${inline(m[1] ?? "", mentions)}</i>`],
  [/https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/y, (m) => anchor(m[0])],
  [/#([\p{L}\p{N}][\p{L}\p{N}_-]*)/uy, (m) => `<hash tag="${escaped(m[1] ?? "")}"/>`],
  [/\$([A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]|[A-Za-z])/y, (m) => `<cash tag="${escaped(m[1] ?? "")}"/>`],
  [/:([a-z0-9_+-]+):/y, (m) => (m[1] && Object.hasOwn(emoji, m[1]) ? `<emoji shortcode="${m[1]}"/>` : escaped(m[0]))],
];

/** anchor makes a link of an address that the pod accepts, and text of all others. */
function anchor(address: string): string {
  return /[{}|\\^`[\]%]/.test(address) || !URL.canParse(address)
    ? escaped(address)
    : `<a href="${escaped(address)}">${escaped(address)}</a>`;
}

function inline(text: string, mentions: Mention[]): string {
  const names = [...mentions].sort((a, b) => b.name.length - a.name.length);
  let out = "";
  let at = 0;
  while (at < text.length) {
    const begins = at === 0 || /[\s([{,;:!?"'*]/.test(text[at - 1] ?? "");
    const mention = names.find((m) => text.startsWith(`@${m.name}`, at));
    if (mention && begins) {
      out += `<mention uid="${mention.id}"/>`;
      at += mention.name.length + 1;
      continue;
    }
    const found = begins || text[at] === "`" || text[at] === "*" ? apply(text, at, mentions) : undefined;
    if (found) {
      out += found.markup;
      at = found.end;
      continue;
    }
    if (text[at] === "\n") out += "<br/>";
    else out += escapeAt(text, at);
    at++;
  }
  return out;
}

function apply(text: string, at: number, mentions: Mention[]) {
  for (const [pattern, to] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const end = pattern.lastIndex; // to may use the pattern within the match
    return { markup: to(match, mentions), end };
  }
  return undefined;
}

/** escapeAt escapes one unit of a text, which depends on the next one. */
function escapeAt(text: string, at: number): string {
  const c = text[at] ?? "";
  if (text[at + 1] === "{" && (c === "$" || c === "#")) return c === "$" ? "&#36;" : "&#35;";
  return escapes[c] ?? c;
}
