import { expect, test } from "vitest";
import { csv, read } from "./csv";

test.each([
  [
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "a;b\r\n1;2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    "sep=;\na;b,c\n1;2",
    [
      ["a", "b,c"],
      ["1", "2"],
    ],
  ],
  [
    '\uFEFFa,b\n"x, ""y""\n z",2',
    [
      ["a", "b"],
      ['x, "y"\n z', "2"],
    ],
  ],
  [
    "a\tb\r1\t2\r\r",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["", []],
])("%j", (text, rows) => {
  expect(csv(text)).toEqual(rows);
});

test("columns are known by the names that programs give them", () => {
  const parsed = read(
    "Login,E-Mail,Given Name,SN,Roles,Shoe size\nann,ann@x.example,Ann,Archer,L1_SUPPORT|L2_SUPPORT,38\n",
  );
  expect(parsed.unknown).toEqual(["Shoe size"]);
  expect(parsed.noHeader).toBe(false);
  expect(parsed.entries).toEqual([
    {
      row: 1,
      roles: ["L1_SUPPORT", "L2_SUPPORT"],
      attributes: {
        accountType: "NORMAL",
        userName: "ann",
        emailAddress: "ann@x.example",
        firstName: "Ann",
        lastName: "Archer",
        displayName: "Ann Archer",
      },
    },
  ]);
});

test("a file without a header is told as such", () => {
  expect(read("ann,archer\nbob,baker\n").noHeader).toBe(true);
});
