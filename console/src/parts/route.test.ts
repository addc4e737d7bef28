import { expect, test } from "vitest";
import { parse, to } from "./route";

test("a place comes back as it was given", () => {
  const parts = ["chat", "a/b c?d#e%", "é"];
  expect(parse(to(...parts)).parts).toEqual(parts);
});

test.each([
  ["", []],
  ["#/", []],
  ["#/chat/%E0%A4%A", ["chat", "%E0%A4%A"]],
  ["#/signin?error=x", ["signin"]],
])("%s", (fragment, parts) => {
  expect(parse(fragment).parts).toEqual(parts);
});
