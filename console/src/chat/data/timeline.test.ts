import { expect, test } from "vitest";
import type { Message } from "../../api/chat";
import { add, empty, entries, hide, rows } from "./timeline";

const base = new Date(2026, 10, 30, 12).getTime();

function message(id: string, at: number, more: Partial<Message> = {}): Message {
  return {
    messageId: id,
    timestamp: base + at,
    message: `<div>${id}</div>`,
    user: { userId: 1, displayName: "Alice" },
    stream: { streamId: "s", streamType: "IM" },
    ...more,
  };
}

test("messages are kept once, in their order", () => {
  const t = add(add(empty, [message("c", 3), message("b", 2)]), [message("a", 1), message("b", 2)]);
  expect(t.messages.map((m) => m.messageId)).toEqual(["a", "b", "c"]);
});

test("a new version is shown at the place of the first one", () => {
  const edited = message("a2", 9, { replacing: "a", initialMessageId: "a", initialTimestamp: base + 1 });
  const list = entries(add(add(empty, [message("a", 1), message("b", 2)]), [edited], true));
  expect(list.map((e) => [e.key, e.message.messageId, e.edited])).toEqual([
    ["a", "a2", true],
    ["b", "b", false],
  ]);
});

test("a version waits until its place is reached", () => {
  const edited = message("a2", 9, { replacing: "a", initialMessageId: "a", initialTimestamp: base + 1 });
  const t = add(empty, [message("b", 5), edited]);
  expect(entries(t).map((e) => e.key)).toEqual(["b"]);
  expect(entries({ ...t, begun: true }).map((e) => e.key)).toEqual(["a", "b"]);
});

test("a suppressed message keeps its place", () => {
  const t = hide(add(empty, [message("a", 1), message("b", 2)], true), "a");
  expect(entries(t).map((e) => e.suppressed)).toEqual([true, false]);
});

test("days are separated and authors grouped", () => {
  const day = 86_400_000;
  const bob = { userId: 2, displayName: "Bob" };
  const list = rows(
    entries(
      add(
        empty,
        [
          message("a", 0),
          message("b", 1000),
          message("c", 2000, { user: bob }),
          message("d", 3000, { user: bob, parentMessageId: "a" }),
          message("e", day, { user: bob }),
          message("f", day + 6 * 60_000, { user: bob }),
        ],
        true,
      ),
    ),
  );
  expect(list.flatMap((r) => [...(r.newDay ? ["day"] : []), r.key + (r.first ? "+" : "")])).toEqual([
    "day",
    "a+",
    "b",
    "c+",
    "d+",
    "day",
    "e+",
    "f+",
  ]);
});
