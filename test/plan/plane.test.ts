/** Cells of a plane: which are halved, and that nothing else is asked for. */
import { expect, test } from "vitest";
import { coordinatesAt, refinedCells, type CellGrid } from "../../src/plan/plane.js";
import type { Row } from "../../src/plan/truth.js";

const axis = (values: readonly number[], more: { log?: boolean; integer?: boolean } = {}) => ({
  values,
  log: more.log === true,
  integer: more.integer === true,
});
const inCircle = ([x = NaN, y = NaN]: Row): boolean => x * x + y * y < 1.7;

/** All rows when no more are asked for, and the rounds that it took. */
function refined(
  grid: CellGrid,
  isTrue: (row: Row) => boolean | null,
): { readonly rows: readonly Row[]; readonly rounds: number } {
  let rows: readonly Row[] = grid.axes.reduce<readonly Row[]>(
    (sofar, { values }) => sofar.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
  for (let rounds = 1; ; rounds++) {
    const more = refinedCells(grid, rows, (row) => [isTrue(row)]);
    if (more.length === 0) return { rows, rounds };
    rows = [...rows, ...more];
    expect(new Set(rows.map((row) => row.join())).size, "no row is asked for twice").toBe(rows.length);
  }
}

/** The same by whole numbers, units of the finest cells: every cell in a list, halved until nothing changes. */
function expected(times: number): ReadonlySet<string> {
  const unit = 2 ** times;
  let cells: { readonly x: number; readonly y: number; readonly size: number }[] = [];
  for (let x = 0; x < 2; x++) for (let y = 0; y < 2; y++) cells.push({ x: x * unit, y: y * unit, size: unit });
  const points = new Set<string>();
  const corners = ({ x, y, size }: (typeof cells)[number]) => [
    [x, y],
    [x + size, y],
    [x, y + size],
    [x + size, y + size],
  ];
  const isTrue = (point: string): boolean => inCircle(point.split(",").map((value) => Number(value) / unit));
  for (;;) {
    for (const cell of cells) for (const corner of corners(cell)) points.add(corner.join());
    const isMixed = ({ x, y, size }: (typeof cells)[number]): boolean => {
      const own = [...points].filter((point) => {
        const [px = NaN, py = NaN] = point.split(",").map(Number);
        return px >= x && px <= x + size && py >= y && py <= y + size;
      });
      return new Set(own.map(isTrue)).size > 1;
    };
    const halved = cells.filter((cell) => cell.size > 1 && isMixed(cell));
    if (halved.length === 0)
      return new Set(
        [...points].map((point) =>
          point
            .split(",")
            .map((value) => Number(value) / unit)
            .join(),
        ),
      );
    cells = cells
      .filter((cell) => !halved.includes(cell))
      .concat(
        halved.flatMap(({ x, y, size }) =>
          [0, size / 2].flatMap((dx) => [0, size / 2].map((dy) => ({ x: x + dx, y: y + dy, size: size / 2 }))),
        ),
      );
  }
}

test.each([1, 2, 3, 4])("a quarter of a circle, halved %i times", (times) => {
  const { rows } = refined({ axes: [axis([0, 1, 2]), axis([0, 1, 2])], times }, inCircle);
  const wanted = expected(times);
  expect(new Set(rows.map((row) => row.join()))).toEqual(wanted);
  expect(rows.length).toBeLessThan((2 * 2 ** times + 1) ** 2);
  // Along the rim neighbours are as near as the finest cells.
  const nearest = Math.min(...rows.map(([x = 0, y = 0]) => Math.abs(Math.hypot(x, y) - Math.sqrt(1.7))));
  expect(nearest).toBeLessThan(2 ** -times);
});

test("nothing is asked for where all agree, where the answer is missing, or where nothing lies between", () => {
  const grid = { axes: [axis([0, 1, 2]), axis([0, 1])], times: 3 };
  expect(refined(grid, () => true).rows).toHaveLength(6);
  expect(refined(grid, ([x = 0]) => (x < 1 ? true : null)).rows).toHaveLength(6);
  const ints = { axes: [axis([4, 5, 6], { integer: true }), axis([0, 1], { integer: true })], times: 3 };
  expect(refined(ints, ([x = 0]) => x > 5).rows).toHaveLength(6);
});

test("geometric under log, whole numbers between whole numbers, one value stays alone", () => {
  const log = refined({ axes: [axis([1, 16], { log: true }), axis([0])], times: 2 }, ([x = 0]) => x > 5);
  expect(log.rows.map(([x]) => x).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([1, 4, 8, 16]);
  expect(log.rows.every(([, y]) => y === 0)).toBe(true);
  expect(log.rounds).toBe(3);
  const ints = refined({ axes: [axis([1, 4], { integer: true })], times: 5 }, ([x = 0]) => x > 2.5);
  expect(ints.rows.map(([x]) => x)).toEqual([1, 4, 3, 2]);
});

test("coordinates of an axis that is halved everywhere", () => {
  expect(coordinatesAt(axis([0, 1, 2]), 3, 1000)).toBe(17);
  expect(coordinatesAt(axis([1, 4], { integer: true }), 9, 1000)).toBe(4);
  expect(coordinatesAt(axis([3]), 9, 1000)).toBe(1);
});
