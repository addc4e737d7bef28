// What can be completed where one types: a person, a command, an emoji.

export type Trigger = { kind: "person" | "command" | "emoji"; words: string; from: number };

/** triggerAt returns what the text before the caret begins; undefined: nothing. */
export function triggerAt(text: string, caret: number): Trigger | undefined {
  const before = text.slice(0, caret);
  const command = /^\/([\w-]*)$/.exec(before);
  if (command) return { kind: "command", words: command[1] ?? "", from: 0 };
  const afterMention = /^@[^\n/]{1,60} \/([\w-]*)$/.exec(before);
  if (afterMention) return { kind: "command", words: afterMention[1] ?? "", from: before.lastIndexOf("/") };
  const person = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}.'’-]*(?: [\p{L}\p{N}.'’-]*)?)$/u.exec(before);
  if (person) return { kind: "person", words: person[1] ?? "", from: caret - (person[1] ?? "").length - 1 };
  const smile = /(?:^|\s):([a-z0-9_+-]{2,})$/.exec(before);
  if (smile) return { kind: "emoji", words: smile[1] ?? "", from: caret - (smile[1] ?? "").length - 1 };
  return undefined;
}

/** completed returns the text with the part that was begun replaced, and the new place of the caret. */
export function completed(text: string, caret: number, trigger: Trigger, by: string) {
  const rest = text.slice(caret);
  const space = rest.startsWith(" ") ? "" : " ";
  const begin = text.slice(0, trigger.from) + by + space;
  return { text: begin + rest, caret: begin.length + (space ? 0 : 1) };
}
