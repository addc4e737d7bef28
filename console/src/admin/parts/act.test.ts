import { expect, test } from "vitest";
import { problems } from "./act";

const fields = ["userName", "emailAddress", "key", "role"];

test.each([
  ["userName: it is required", "userName", "it is required"],
  ["UserName: it has a space", "userName", "it has a space"],
  ["userAttributes.userName: too long", "userName", "too long"],
  ["currentKey.key: not a key", "key", "not a key"],
  ["Invalid value for role: no such role", "role", "no such role"],
  ["User already exists. The email address is already in use", "emailAddress", undefined],
])("%s belongs to a field", (message, field, why) => {
  const found = problems(new Error(message), fields);
  expect(found.at(field)).toBe(why ?? message);
  expect(found.rest).toBeUndefined();
});

test("what names no field is told apart from the fields", () => {
  const found = problems(new Error("The pod cannot be reached."), fields);
  expect(found.rest).toBe("The pod cannot be reached.");
  expect(fields.map(found.at)).toEqual([undefined, undefined, undefined, undefined]);
});
