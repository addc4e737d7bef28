import { expect, test } from "vitest";
import { verdictsAsCsv } from "./importing";

test("verdicts become a file that a spreadsheet does not compute", () => {
  const file = verdictsAsCsv([
    { row: 1, user: "=1+1", outcome: "refused", message: 'userName: "=1+1" is none, of course' },
    { row: 2, user: "ann", outcome: "created", message: "" },
  ]);
  expect(file).toBe(
    'row,userName,outcome,message\r\n1,\'=1+1,refused,"userName: ""=1+1"" is none, of course"\r\n2,ann,created,\r\n',
  );
});
