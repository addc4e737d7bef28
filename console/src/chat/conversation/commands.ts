// The commands that bots of a conversation have told: /help, /form.

import type { Message } from "../../api/chat";
import { parse, plain } from "../../markup/parse";

export interface Command {
  name: string;
  /** What follows it in the bot's message. */
  about: string;
}

const looked = 200; // messages
const most = 50;
const pattern = /(?:^|[\s(])(\/[a-z][\w-]{0,30})(?![\w/.-])[\s:–—-]*([^\n]*)/giu;

/** commandsIn returns the commands in the newest messages of others. */
export function commandsIn(messages: Message[], me: number): Command[] {
  const found = new Map<string, string>();
  for (const m of messages.slice(-looked)) {
    if (m.user.userId === me) continue;
    if (!m.message.includes("/")) continue;
    for (const line of linesOf(m.message)) {
      for (const [, name = "", about = ""] of line.matchAll(pattern)) {
        const known = found.get(name);
        if (known === undefined || (known === "" && about)) found.set(name, about.slice(0, 80).trim());
        if (found.size >= most) break;
      }
    }
  }
  return [...found].map(([name, about]) => ({ name, about })).sort((a, b) => a.name.localeCompare(b.name));
}

/** linesOf returns the texts of the innermost blocks of a message. */
function linesOf(message: string): string[] {
  const root = parse(message);
  if (!root) return [];
  const blocks = [...root.querySelectorAll("li, p, tr, td, pre, div")];
  const inner = blocks.filter((b) => !b.querySelector("li, p, tr, td, pre, div"));
  const text = inner.length > 0 ? inner.map((b) => b.textContent ?? "") : [];
  if (text.length === 0) text.push(...message.split("<br/>").map(plain));
  return text.flatMap((t) => t.split("\n"));
}
