import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { may, type Right, roles } from "./rights";

const auth = (file: string) => readFileSync(`../internal/auth/${file}`, "utf8");

/** The pod's roles and the rights that they grant. */
function granted(): Map<string, string[]> {
  const names = new Map([...auth("rights.go").matchAll(/(\w+)\s+Right = "([^"]+)"/g)].map((m) => [m[1], m[2] ?? ""]));
  const list = [...auth("roles.go").matchAll(/ID: "(\w+)",[\s\S]*?Grants: \[\]Right\{([\s\S]*?)\n\t\t\}/g)];
  return new Map(list.map((m) => [m[1] ?? "", (m[2] ?? "").split(/[\s,]+/).map((name) => names.get(name) ?? "")]));
}

test("the roles that open a page are those that grant the right in the pod", () => {
  const all = granted();
  expect(all.size).toBeGreaterThan(15);
  for (const right of Object.keys(roles) as Right[]) {
    const granting = [...all].filter(([, rights]) => rights.includes(right)).map(([role]) => role);
    expect([...roles[right]].sort(), right).toEqual(granting.sort());
  }
});

test("a caller without a role may nothing", () => {
  const me = { id: 1, username: "alice", displayName: "Alice", company: "Acme" };
  expect(may(me, "MODIFY_APPS")).toBe(false);
  expect(may({ ...me, roles: ["SUPER_ADMINISTRATOR"] }, "MODIFY_APPS")).toBe(true);
});
