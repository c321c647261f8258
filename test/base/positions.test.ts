import { expect, test } from "vitest";
import { Lines } from "../../src/base/positions.js";

test("lines and columns of offsets", () => {
  const lines = new Lines("ab\r\n𝛽c\n\nd");
  expect(lines.count).toBe(4);
  expect([0, 1, 4, 6, 7, 8, 9, 99].map((offset) => lines.position(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 2 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 2, column: 3 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 2 },
  ]);
  expect([1, 2, 3, 4].map((line) => lines.line(line))).toEqual(["ab", "𝛽c", "", "d"]);
  expect(new Lines("").position(0)).toEqual({ line: 1, column: 1 });
});
