/** Scans over parts, joins, products and axes with coordinates: as loops, written out, on both engines, against loops written here. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

/** A short scan is a loop where something might end it. */
const never = "until 1 > 2";

interface Case {
  readonly text: string;
  readonly expected: Readonly<Record<string, readonly number[]>>;
}

const x = [3, -1, 4, 1, -5, 9, 2, -6];

/** Running sums of `y` over the given positions, and the state at each of them. */
function sums(positions: readonly number[], value: (position: number) => number) {
  let s = 0;
  const before = positions.map((position) => {
    const old = s;
    s = s / 2 + value(position);
    return old;
  });
  return { before, final: [s] };
}

const part = [1, 2, 3, 4];
const ofPart = sums(part, (k) => at(x, k) * k + at(x, k + 1));
const picked = [5, 0, 2];
const ofPicked = sums(picked, (k) => at(x, k) + 10 * k);
const reversed = sums(part.toReversed(), (k) => at(x, k));
const ofJoin = sums([0, 1, 2, 3, 4], (k) => (k < 3 ? at(x, k) : 100 * (k - 3)) + k);
const ofProduct = sums([0, 1, 2, 3, 4, 5], (k) => 10 * Math.floor(k / 3) + (k % 3) + k);
const grid = [0.5, 1, 1.5];
const ofGrid = sums([0, 1, 2], (k) => at(grid, k) * at(x, k));
const ofEnds = sums([1, 2], (k) => at(grid, k));

const cases: Readonly<Record<string, Case>> = {
  "a part, whose whole is read at its positions": {
    text: `scan t: middle END {
    state s = 0
    before[t] = s
    s <- s / 2 + x[t] * t + x[t + 1]
  }
  measure m { before_[middle] = before[middle]; s_ = s; own[middle] = before[middle] + x[middle] }`,
    expected: { before_: ofPart.before, s_: ofPart.final, own: ofPart.before.map((b, k) => b + at(x, at(part, k))) },
  },
  "a part of picked positions": {
    text: `scan picked END {
    state s = 0
    before[picked] = s
    place[picked] = 1 * picked
    s <- s / 2 + x[picked] + 10 * picked
  }
  measure m { before_[picked] = before[picked]; s_ = s; place_[picked] = place[picked] }`,
    expected: { before_: ofPicked.before, s_: ofPicked.final, place_: picked },
  },
  "a part in reverse": {
    text: `scan t: middle in reverse END { state s = 0; before[t] = s; s <- s / 2 + x[t] }
  measure m { before_[middle] = before[middle]; s_ = s }`,
    expected: { before_: reversed.before.toReversed(), s_: reversed.final },
  },
  "a join": {
    text: `y[both] = head: x[head] | extra: 100 * position(extra)
  scan u: both END { state s = 0; before[u] = s; s <- s / 2 + y[u] + u }
  measure m { before_[both] = before[both]; s_ = s }`,
    expected: { before_: ofJoin.before, s_: ofJoin.final },
  },
  "a product": {
    text: `z[(row, column)] = 10 * row + column
  scan cell END { state s = 0; before[cell] = s; s <- s / 2 + z[cell] + cell }
  measure m { before_[row, column] = before[(row, column)]; s_ = s }`,
    expected: { before_: ofProduct.before, s_: ofProduct.final },
  },
  coordinates: {
    text: `scan g END { state s = 0; before[g] = s; s <- s / 2 + g * w[g] }
  measure m { before_[g] = before[g]; s_ = s }`,
    expected: { before_: ofGrid.before, s_: ofGrid.final },
  },
  "a part of an axis with coordinates": {
    text: `scan e: ends END { state s = 0; before[e] = s; s <- s / 2 + e }
  measure m { before_[ends] = before[ends]; s_ = s }`,
    expected: { before_: ofEnds.before, s_: ofEnds.final },
  },
  labels: {
    text: `scan l: side END { state s = 0; before[l] = s; s <- if l == left then s + 1 else 10 * s + x[position(l)] }
  measure m { before_[side] = before[side]; s_ = s }`,
    expected: { before_: [0, 1], s_: [10 + at(x, 1)] },
  },
  "a state that keeps where a part stood": {
    text: `scan t: middle END { state best = 0; state most = -10.0
    best <- t where x[t] > most
    most <- max(most, x[t]) }
  measure m { best_ = best; most_ = most }`,
    expected: { best_: [2], most_: [4] },
  },
  "a state that keeps a coordinate": {
    text: `scan g END { state last = 0; last <- g where g < 1.2 }
  measure m { last_ = last }`,
    expected: { last_: [1] },
  },
};

function spec(text: string, end: string): string {
  return `experiment e {
  axis unit = 8
  axis middle = unit[1 .. 4]
  axis picked = unit[5, 0, 2]
  axis head = 3
  axis extra = 2
  axis both = head ++ extra
  axis row = 2
  axis column = 3
  axis cell = row * column
  axis g in [0.5, 1, 1.5]
  axis ends = g[1 .. 2]
  axis side in {left, right}
  x[unit] = [${x.join(", ")}]
  w[g] = [${x.slice(0, 3).join(", ")}]
  ${text.replaceAll("END", end).replaceAll("x[head]", "x[unit: position(head)]")}
}`;
}

describe.each(Object.entries(cases))("a scan over %s", (_, { text, expected }) => {
  it.each([
    ["written out", ""],
    ["as a loop", never],
  ])("is what the same is by hand, %s", (_form, end) => {
    const plan = planText(spec(text, end));
    const [point] = oracleRuns(plan).get("m") ?? [];
    if (point === undefined) throw new Error("there is no point");
    for (const [name, values] of Object.entries(expected)) {
      const found = [...outputOf(plan, "m", name, point)];
      expect(found.length, name).toBe(values.length);
      found.forEach((value, k) => {
        expect(Math.abs(value - at(values, k)), `${name} ${k}: ${value} and not ${at(values, k)}`).toBeLessThan(1e-9);
      });
    }
  });

  it.each(Object.keys(enginesHere()))("gives the oracle's values on %s", async (engine) => {
    for (const end of ["", never]) await agreesWithOracle(spec(text, end), engine as "graph" | "portable", 1e-5);
  });
});

describe("what sweeps decide about a scanned axis", () => {
  const swept = `experiment e {
  axis unit = 9
  sweep a in [0, 2, 5]
  sweep b in [1, 3]
  sweep w in [1, 2.5]
  sweep Z in [0, 2]
  axis mid = unit[a .. a + b]
  axis g in linspace(0, w, 4)
  axis few = Z
  axis none = unit[0 .. -1]
  x[unit] = unit^2
  scan t: mid { state s = 0; kept[t] = s + t; s <- s + x[t] }
  scan g { state r = 0; r <- r + g^2 }
  scan f: few { state q = 1; steps[f] = q; q <- q + 1 }
  scan n: none { state p = 1; empty[n] = p; p <- p + 1 }
  measure part { s_ = s; kept_[mid] = kept[mid] }
  measure coordinates { r_ = r }
  measure sizes { q_ = q; steps_[few] = steps[few]; p_ = p; empty_[none] = empty[none]; sum_ = sum(none) empty[none] }
}`;
  const plan = planText(swept);
  const points = (phase: string) => oracleRuns(plan).get(phase) ?? [];

  it("where a part lies", () => {
    expect(points("part").length).toBe(6);
    for (const point of points("part")) {
      const { a = NaN, b = NaN } = point.coordinates;
      const positions = Array.from({ length: b + 1 }, (_, k) => a + k);
      let s = 0;
      const kept = positions.map((t) => {
        s += t ** 2;
        return s - t ** 2 + t;
      });
      expect([...outputOf(plan, "part", "s_", point)]).toEqual([s]);
      expect([...outputOf(plan, "part", "kept_", point)]).toEqual(kept);
    }
  });

  it("what its positions read as", () => {
    expect(points("coordinates").length).toBe(2);
    for (const point of points("coordinates"))
      expect(at([...outputOf(plan, "coordinates", "r_", point)], 0)).toBeCloseTo(
        (14 / 9) * (point.coordinates.w ?? NaN) ** 2,
        6,
      );
  });

  it("how long it is, of no positions too", () => {
    const found = points("sizes").map((point) =>
      ["q_", "steps_", "p_", "empty_", "sum_"].map((name) => [...outputOf(plan, "sizes", name, point)]),
    );
    expect(found).toEqual([
      [[1], [], [1], [], [0]],
      [[3], [1, 2], [1], [], [0]],
    ]);
  });

  it.each(Object.keys(enginesHere()))("on %s", async (engine) => {
    await agreesWithOracle(swept, engine as "graph" | "portable", 1e-5);
  });
});
