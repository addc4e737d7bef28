import { expect, test } from "vitest";
import { parser, type ServerEvent } from "./events";

/** parsed feeds a stream in pieces of a length. */
function parsed(stream: string, length: number): ServerEvent[] {
  const events: ServerEvent[] = [];
  const parse = parser((event) => events.push(event));
  for (let i = 0; i < stream.length; i += length) parse(stream.slice(i, i + length));
  return events;
}

const stream =
  'id: 7\nevent: MESSAGESENT\ndata: {"a":\ndata: 1}\n\n: a sign of life\n\ndata:x\n\nid: 8\r\ndata: y\r\n\r\nid: 9\ndata: unfinished';

test.each([1, 2, 3, 5, 1000])("events come out whole from pieces of %i", (length) => {
  expect(parsed(stream, length)).toEqual([
    { id: "7", type: "MESSAGESENT", data: '{"a":\n1}' },
    { id: "7", type: "message", data: "x" },
    { id: "8", type: "message", data: "y" },
  ]);
});
