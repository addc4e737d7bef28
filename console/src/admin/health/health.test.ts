import { expect, test } from "vitest";
import type { Sample } from "../../api/health";
import { after } from "./index";
import { figures, shown } from "./plots";

const sample = (timestamp: number) => ({ timestamp, requests: 2, refused: 1, errors: 0 }) as Sample;

test("samples that come twice are shown once, and old ones are forgotten", () => {
  const five = [1, 2, 3, 4, 5].map(sample);
  expect(after(five.slice(0, 3), five.slice(1)).map((s) => s.timestamp)).toEqual([1, 2, 3, 4, 5]);
  const many = Array.from({ length: 400 }, (_, i) => sample(i + 1));
  expect(after([], many)).toHaveLength(300);
});

test("each figure has lines, and a name of its own", () => {
  expect(new Set(figures.map((f) => f.title)).size).toBe(figures.length);
  expect(figures[0]?.lines.map((l) => l.of(sample(1)))).toEqual([2, 1, 0]);
});

test.each([
  [0, "0"],
  [0.26, "0.3"],
  [41.7, "42"],
])("%d is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});
