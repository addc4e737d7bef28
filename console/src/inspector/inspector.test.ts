import { expect, test } from "vitest";
import type { Call, Detail } from "../api/inspector";
import { hindrance } from "./again";
import { pretty } from "./Body";
import { merged, passes } from "./calls";
import { curl, quoted } from "./curl";
import { har } from "./har";

const call = (id: string, timestamp: number, more: Partial<Detail> = {}): Detail => ({
  id,
  node: "n",
  timestamp,
  tookMicros: 1500,
  traceId: "t",
  operation: "createRoom",
  method: "POST",
  path: "/pod/v3/room/create?a=1&b=x%20y",
  status: 403,
  username: "alice",
  address: "127.0.0.1",
  requestSize: 10,
  answerSize: 20,
  request: { headers: [], size: 0, cut: false },
  answer: { headers: [], size: 0, cut: false },
  ...more,
});

test("a call that comes twice is listed once, the newest first", () => {
  const list = merged([call("3", 30)], [call("2", 20), call("3", 30), call("1", 10)] as Call[]);
  expect(list.map((c) => c.id)).toEqual(["3", "2", "1"]);
});

test.each([
  [{ text: "", status: "" }, true],
  [{ text: "createroom ALICE", status: "4" }, true],
  [{ text: "createRoom bob", status: "" }, false],
  [{ text: "", status: "2" }, false],
  [{ text: "403", status: "" }, true],
])("%j", (filter, yes) => {
  expect(passes(call("1", 1), filter)).toBe(yes);
});

test("a command quotes what a shell would run", () => {
  expect(quoted("it's $(rm) `x`")).toBe(`'it'\\''s $(rm) \`x\`'`);
  const one = call("1", 1, {
    request: {
      headers: [
        { name: "Sessiontoken", value: "***" },
        { name: "Content-Type", value: "application/json" },
        { name: "User-Agent", value: "o'neil $HOME" },
      ],
      size: 9,
      cut: false,
      body: '{"a":"it\'s"}',
    },
  });
  expect(curl(one, "http://127.0.0.1:1/")).toBe(
    `curl -i -X POST 'http://127.0.0.1:1/pod/v3/room/create?a=1&b=x%20y' -H "Sessiontoken: $SESSION_TOKEN"` +
      ` -H 'Content-Type: application/json' -H 'User-Agent: o'\\''neil $HOME' --data-raw '{"a":"it'\\''s"}'`,
  );
});

test("a form is a command's form", () => {
  const form = [
    { name: "message", value: "hello", size: 5 },
    { name: "attachment", file: "a.txt", size: 1 },
  ];
  const headers = [{ name: "Content-Type", value: "multipart/form-data; boundary=x" }];
  const one = call("1", 1, { request: { headers, size: 9, cut: false, form, mediaType: "multipart/form-data" } });
  expect(curl(one, "http://127.0.0.1:1/")).toMatch(/-F 'message=hello' -F 'attachment=@a.txt'$/);
  expect(hindrance(one)).toBe("file");
});

test.each([
  [{ path: "/pod/v1/x?token=***" }, "masked"],
  [{ request: { headers: [], size: 9, cut: true, body: "{" } }, "cut"],
  [{ method: "GET", path: "/podium/v1/events" }, "stream"],
  [{}, undefined],
])("%j is sent again: %s", (more, why) => {
  expect(hindrance(call("1", 1, more as Partial<Detail>))).toBe(why);
});

test("an archive has what the format needs, the oldest call first", () => {
  const { log } = har([call("2", 2000), call("1", 1000)], "http://127.0.0.1:1/", "1");
  expect(log.version).toBe("1.2");
  expect(log.entries.map((e) => e.startedDateTime)).toEqual(["1970-01-01T00:00:01.000Z", "1970-01-01T00:00:02.000Z"]);
  const [entry] = log.entries;
  expect(entry?.request.queryString).toEqual([
    { name: "a", value: "1" },
    { name: "b", value: "x y" },
  ]);
  expect(entry?.timings.wait).toBe(1.5);
});

test("JSON is shown in lines, other text as it is", () => {
  expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(pretty("{cut")).toBe("{cut");
});
