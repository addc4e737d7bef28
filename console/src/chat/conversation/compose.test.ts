import { expect, test } from "vitest";
import { hostile } from "../../markup/hostile.mjs";
import { commandsIn } from "./commands";
import { completed, triggerAt } from "./completion";
import { toMessageML } from "./compose";
import { typed } from "./typed";

const mentions = [
  { id: 7, name: "Bob Baker" },
  { id: 8, name: "Bob" },
];

test.each([
  ["hello", "hello"],
  ["a < b & c > d \"q\" 'r'", "a &lt; b &amp; c &gt; d &quot;q&quot; 'r'"],
  ["one\ntwo\r\nthree", "one<br/>two<br/>three"],
  ["**bold** and _slant_ and `code`", "<b>bold</b> and <i>slant</i> and <code>code</code>"],
  ["2 ** 3 snake_case_name", "2 ** 3 snake_case_name"],
  ["`**not bold** <b>`", "<code>**not bold** &lt;b&gt;</code>"],
  ["**a _b_**", "<b>a <i>b</i></b>"],
  ["```\nif (a < b)\n  x\n```", "<pre>if (a &lt; b)\n  x</pre>"],
  ["see #deal and $ibm", 'see <hash tag="deal"/> and <cash tag="ibm"/>'],
  ["a#b $5 US$ #", "a#b $5 US$ #"],
  [":tada: 10:30:15 :nosuchthing:", '<emoji shortcode="tada"/> 10:30:15 :nosuchthing:'],
  [":constructor: :toString:", ":constructor: :toString:"],
  ["hi @Bob Baker, and @Bob!", 'hi <mention uid="7"/>, and <mention uid="8"/>!'],
  ["mail bob@Bob Baker", "mail bob@Bob Baker"],
  [
    "https://example.com/a?b=1&c=2.",
    '<a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>.',
  ],
  ["https://example.com/{x}", "https://example.com/{x}"],
  ["${data.x} #{1} <#if>", "&#36;{data.x} &#35;{1} &lt;#if&gt;"],
  ["a\u0000b\u0007c\uFFFEd", "abcd"],
  ["\ud800x", "x"],
])("%j", (text, markup) => {
  expect(toMessageML(text, mentions)).toBe(`<messageML>${markup}</messageML>`);
});

test("files alone are a message", () => {
  expect(toMessageML("  ", [])).toBe("<messageML> </messageML>");
});

test.each(hostile)("%j stays text", (text) => {
  const root = new DOMParser().parseFromString(toMessageML(text, []), "application/xml").documentElement;
  const names = new Set([...root.querySelectorAll("*")].map((e) => e.nodeName));
  for (const name of names) expect(["br", "b", "i", "code", "pre", "a", "hash", "cash", "emoji"]).toContain(name);
  expect(root.nodeName).toBe("messageML");
  expect(toMessageML(text, [])).not.toMatch(/[$#]\{|<[#@]/);
});

test("a message is edited as it was typed", () => {
  const data = JSON.stringify({
    mention1: { type: "com.symphony.user.mention", id: [{ value: "7" }] },
    emoji2: { type: "com.symphony.emoji", data: { shortcode: "tada" } },
  });
  const message =
    '<div>hi <span class="entity" data-entity-id="mention1">@Bob Baker</span><br/><b>x</b> <i>y</i> <code>z</code> ' +
    '<span class="entity" data-entity-id="emoji2">🎉</span></div>';
  const { text, mentions } = typed(message, data);
  expect(text).toBe("hi @Bob Baker\n**x** _y_ `z` :tada:");
  expect(mentions).toEqual([{ id: 7, name: "Bob Baker" }]);
});

test.each([
  ["/", 1, "command", ""],
  ["/he", 3, "command", "he"],
  ["@Bob Baker /he", 14, "command", "he"],
  ["hi /he", 6, undefined, undefined],
  ["hi @bo", 6, "person", "bo"],
  ["hi @bob ba", 10, "person", "bob ba"],
  ["a@b", 3, undefined, undefined],
  ["x :ta", 5, "emoji", "ta"],
  ["10:30", 5, undefined, undefined],
])("%j begins something to complete", (text, caret, kind, words) => {
  const trigger = triggerAt(text, caret);
  expect([trigger?.kind, trigger?.words]).toEqual([kind, words]);
});

test("what was begun is completed", () => {
  const trigger = triggerAt("hi @bo there", 6);
  expect(trigger && completed("hi @bo there", 6, trigger, "@Bob Baker")).toEqual({
    text: "hi @Bob Baker there",
    caret: 14,
  });
});

test("commands are read from what bots have said", () => {
  const from = (message: string, userId: number) => ({ message, user: { userId, displayName: "x" } }) as never;
  const list = [
    from("<div><ul><li><b>/help</b> lists what I understand</li><li><b>/form</b>: shows a form</li></ul></div>", 2),
    from("<div>see https://example.com/path and a/b, try <b>/help</b>.</div>", 2),
    from("<div>/mine</div>", 1),
  ];
  expect(commandsIn(list, 1)).toEqual([
    { name: "/form", about: "shows a form" },
    { name: "/help", about: "lists what I understand" },
  ]);
});
