/** Tensors under the operations of the analysis IR: alignment, states, lanes, subscripts. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { CoordinateFinder, align, arrange } from "../../../src/results/analysis/align.js";
import { applyOperation, choose, roundHalfEven, whereMissing } from "../../../src/results/analysis/elementwise.js";
import { statisticOf } from "../../../src/results/analysis/lanes.js";
import { reduceTensor } from "../../../src/results/analysis/reduce.js";
import { scanTensor } from "../../../src/results/analysis/scan.js";
import { selectFrom } from "../../../src/results/analysis/select.js";
import {
  ABSENT,
  MISSING,
  NEVER,
  NOT_A_NUMBER,
  NO_COORDINATE,
  TOO_FEW,
  VALID,
  scalarTensor,
} from "../../../src/results/analysis/tensor.js";
import type { Tensor } from "../../../src/results/analysis/tensor.js";
import { formatNumber } from "../../../src/results/analysis/words.js";
import type { ResultAxis } from "../../../src/results/types.js";

const axis = (name: string, coordinates: readonly number[]): ResultAxis => ({
  name,
  kind: "sweep",
  coordinates,
  labels: null,
  integer: true,
});
const tensor = (
  axes: readonly ResultAxis[],
  values: readonly number[],
  states: readonly number[] = values.map(() => VALID),
): Tensor => ({
  axes,
  values: Float64Array.from(values),
  states: Uint8Array.from(states),
});
const a = axis("a", [0, 1]);
const b = axis("b", [10, 20, 30]);
const none = (): undefined => undefined;
const reduce = (
  name: Parameters<typeof reduceTensor>[0],
  body: Tensor,
  over: readonly string[],
  where: Tensor | null = null,
): Tensor => reduceTensor(name, body, where, { over, parameter: null, ofBools: false, skipMissing: false });

describe("alignment", () => {
  it("meets by name and coordinate, whatever the order", () => {
    const x = tensor([a, b], [1, 2, 3, 4, 5, 6]);
    const y = tensor([axis("b", [30, 10]), a], [300, 301, 100, 101]);
    const sum = applyOperation("add", [x, y]);
    expect(sum.axes.map((own) => [own.name, own.coordinates])).toEqual([
      ["a", [0, 1]],
      ["b", [10, 30]],
    ]);
    expect([...sum.values]).toEqual([101, 303, 105, 307]);
  });

  it("arranging there and back changes nothing", () => {
    const sizes = fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
    );
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom([0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]),
        ([p, q, r], order) => {
          const axes = [p, q, r].map((n, k) =>
            axis(
              "xyz"[k] ?? "",
              Array.from({ length: n }, (_, i) => i * 2),
            ),
          );
          const whole = tensor(
            axes,
            Array.from({ length: p * q * r }, (_, k) => k),
          );
          const turned = arrange(
            whole,
            order.flatMap((k) => axes[k] ?? []),
          );
          expect([...arrange(turned, axes).values]).toEqual([...whole.values]);
        },
      ),
    );
  });

  it("finds coordinates to 1e-9, and the nearest", () => {
    const finder = new CoordinateFinder([10, 0.1, 1, Infinity]);
    expect([
      finder.find(0.1 * (1 + 1e-10)),
      finder.find(0.1001),
      finder.find(Infinity),
      finder.find(1e300),
      finder.nearest(0.4),
      finder.nearest(7),
      finder.nearest(-5),
    ]).toEqual([1, -1, 3, -1, 1, 0, 1]);
  });
});

describe("states", () => {
  const states = [VALID, MISSING, ABSENT];
  const grid = tensor([axis("i", [0, 1, 2, 3, 4, 5])], [1, 0, 1, 0, 1, 0], [0, 0, 1, 1, 2, 2]);
  it("`and` and `or` are decided by one side", () => {
    const other = { ...grid, axes: [axis("j", [0, 1, 2, 3, 4, 5])] };
    const both = applyOperation("and", [grid, other]);
    const name = (i: number): string => ["true", "false", "missing", "missing", "absent", "absent"][i] ?? "";
    both.values.forEach((value, k) => {
      const [left, right] = [name(Math.floor(k / 6)), name(k % 6)];
      const wanted =
        left === "absent" || right === "absent"
          ? "absent"
          : left === "false" || right === "false"
            ? "false"
            : left === "missing" || right === "missing"
              ? "missing"
              : "true";
      const state = both.states[k];
      expect([
        left,
        right,
        state === ABSENT ? "absent" : state === MISSING ? "missing" : value !== 0 ? "true" : "false",
      ]).toEqual([left, right, wanted]);
    });
  });
  it("absent wins over missing, and NaN is missing", () => {
    const sum = applyOperation("add", [
      tensor([axis("i", states)], [1, 1, 1], states),
      tensor([axis("j", states)], [1, 1, 1], states),
    ]);
    expect([...sum.states]).toEqual([0, 1, 2, 1, 1, 2, 2, 2, 2]);
    expect([...applyOperation("log", [tensor([a], [-1, 0])]).states]).toEqual([NOT_A_NUMBER, VALID]);
  });
  it("arms that are not chosen do not matter", () => {
    const condition = whereMissing(tensor([a], [0, 5], [MISSING, VALID]));
    const chosen = choose(condition, [tensor([a], [0, 5], [MISSING, VALID]), scalarTensor(7)]);
    expect([...chosen.values]).toEqual([7, 5]);
    expect([...chosen.states]).toEqual([VALID, VALID]);
  });
});

describe("reductions", () => {
  it("skip what is absent; of nothing else they are absent", () => {
    const x = tensor([a, b], [1, 2, 3, 4, 5, 6], [0, 2, 0, 2, 2, 2]);
    const sum = reduce("sum", x, ["b"]);
    expect([...sum.values]).toEqual([4, 0]);
    expect([...sum.states]).toEqual([VALID, ABSENT]);
  });
  it("over nothing that passes: neutral, or missing", () => {
    const x = tensor([b], [1, 2, 3]);
    const never = tensor([b], [0, 0, 0]);
    expect([...reduce("sum", x, ["b"], never).values]).toEqual([0]);
    expect([...reduce("all", x, ["b"], never).values]).toEqual([1]);
    expect([...reduce("mean", x, ["b"], never).states]).toEqual([TOO_FEW]);
    expect([...reduce("argmax", x, ["b"], never).states]).toEqual([TOO_FEW]);
  });
  it("a missing `where` leaves open what is reduced", () => {
    const x = tensor([b], [1, 2, 3]);
    const where = tensor([b], [1, 1, 0], [0, 1, 0]);
    expect([...reduce("sum", x, ["b"], where).states]).toEqual([MISSING]);
    expect([
      ...reduceTensor("sum", x, where, { over: ["b"], parameter: null, ofBools: false, skipMissing: true }).values,
    ]).toEqual([1]);
  });
  it("argmax gives the coordinate, over the axis in any place", () => {
    const x = tensor([b, a], [1, 9, 5, 2, 5, 3]);
    expect([...reduce("argmax", x, ["b"]).values]).toEqual([20, 10]);
    expect([...reduce("max", x, ["a", "b"]).values]).toEqual([9]);
  });
  it("an axis of size 0 gives the empty value", () => {
    const x = tensor([axis("e", []), a], []);
    expect([...reduce("sum", x, ["e"]).values]).toEqual([0, 0]);
    expect([...reduce("sum", x, ["e"]).states]).toEqual([VALID, VALID]);
  });
});

describe("statistics and scans", () => {
  it("go by ascending coordinates", () => {
    const x = tensor([axis("k", [30, 10, 20])], [3, 1, 2]);
    expect([...statisticOf("increasing", { operands: [x], where: null, level: null, over: ["k"] }).values]).toEqual([
      1,
    ]);
    expect([
      ...statisticOf("crossing", { operands: [x], where: null, level: scalarTensor(1.5), over: ["k"] }).values,
    ]).toEqual([15]);
  });
  it("first and last give coordinates, or are missing", () => {
    const at = (
      name: "first" | "last",
      values: readonly number[],
      states?: readonly number[],
    ): readonly (number | undefined)[] => {
      const result = statisticOf(name, {
        operands: [tensor([b], values, states)],
        where: null,
        level: null,
        over: ["b"],
      });
      return [result.states[0], result.states[0] === VALID ? result.values[0] : undefined];
    };
    expect(at("first", [0, 1, 1])).toEqual([VALID, 20]);
    expect(at("last", [1, 1, 0])).toEqual([VALID, 20]);
    expect(at("first", [0, 0, 0])).toEqual([NEVER, undefined]);
    expect(at("first", [1, 0, 1], [1, 0, 0])).toEqual([MISSING, undefined]);
    expect(at("first", [1, 0, 1], [0, 1, 0])).toEqual([VALID, 10]);
    expect(at("last", [1, 0, 1], [0, 1, 2])).toEqual([MISSING, undefined]);
  });
  it("scans keep the axis", () => {
    const x = tensor([a, b], [3, 1, 2, 5, 5, 4]);
    expect([...scanTensor("cumsum", x, null, ["b"]).values]).toEqual([3, 4, 6, 5, 10, 14]);
    expect([...scanTensor("rank", x, null, ["b"]).values]).toEqual([2, 0, 1, 1, 2, 0]);
    expect([...scanTensor("rank", x, tensor([b], [0, 1, 1]), ["b"]).values]).toEqual([2, 0, 1, 2, 1, 0]);
    expect([...scanTensor("normalize", x, null, ["a"]).values].slice(0, 2)).toEqual([3 / 8, 5 / 8]);
    const of = ({ values, axes }: Tensor): readonly unknown[] => [[...values], axes.map(({ name }) => name)];
    const shares = [3, 1, 2, 5, 5, 4].map((value) => value / 20);
    expect(of(scanTensor("normalize", x, null, ["a", "b"]))).toEqual([shares, ["a", "b"]]);
    const [first, ...others] = of(arrange(scanTensor("normalize", x, null, ["b", "a"]), x.axes));
    expect([first, ...others]).toEqual([shares, ["a", "b"]]);
  });
});

describe("subscripts", () => {
  const x = tensor([a, b], [1, 2, 3, 4, 5, 6]);
  it("by coordinate, place, end, list", () => {
    expect([...selectFrom(x, "b", { kind: "coordinate", value: scalarTensor(20) }, none).values]).toEqual([2, 5]);
    expect([...selectFrom(x, "b", { kind: "near", value: scalarTensor(26) }, none).values]).toEqual([3, 6]);
    expect([...selectFrom(x, "a", { kind: "position", value: scalarTensor(1) }, none).values]).toEqual([4, 5, 6]);
    expect([...selectFrom(x, "b", { kind: "end", end: "last", offset: 1 }, none).values]).toEqual([2, 5]);
    expect([...selectFrom(x, "b", { kind: "list", values: [30, 10] }, none).values]).toEqual([3, 1, 6, 4]);
  });
  it("ends are those of each slice where it is ragged", () => {
    const ragged = tensor([a, b], [1, 2, 3, 4, 5, 6], [0, 0, 2, 2, 0, 0]);
    expect([...selectFrom(ragged, "b", { kind: "end", end: "last", offset: 0 }, none).values]).toEqual([2, 6]);
    expect([...selectFrom(ragged, "b", { kind: "end", end: "first", offset: 0 }, none).values]).toEqual([1, 5]);
  });
  it("along a tensor's values; what falls outside is missing", () => {
    const before = applyOperation("sub", [tensor([b], [10, 20, 30]), scalarTensor(10)]);
    const shifted = selectFrom(x, "b", { kind: "coordinate", value: before }, none);
    expect([...shifted.values]).toEqual([0, 1, 2, 0, 4, 5]);
    expect([...shifted.states]).toEqual([NO_COORDINATE, 0, 0, NO_COORDINATE, 0, 0]);
  });
  it("another name makes another axis, the same name the diagonal", () => {
    const square = tensor([a, axis("a'", [0, 1])], [1, 2, 3, 4]);
    const to = { label: "a'", axis: 1, kind: "sweep", labels: null, integer: true } as const;
    expect([...selectFrom(square, "a", { kind: "rename", to }, none).values]).toEqual([1, 4]);
    expect(selectFrom(x, "a", { kind: "rename", to }, none).axes.map((own) => own.name)).toEqual(["a'", "b"]);
  });
  it("tells of a single value that is not there", () => {
    const missed: number[] = [];
    const gone = selectFrom(x, "b", { kind: "coordinate", value: scalarTensor(25) }, (_, value) => {
      missed.push(value);
    });
    expect(missed).toEqual([25]);
    expect([...gone.states]).toEqual([NO_COORDINATE, NO_COORDINATE]);
  });
});

describe("words", () => {
  it("numbers have as many digits as tell them apart", () => {
    expect([3, 0.123456, 1234567.8, 1e-7, -0.5, Infinity, 100].map((value) => formatNumber(value))).toEqual([
      "3",
      "0.1235",
      "1.235e6",
      "1e-7",
      "-0.5",
      "inf",
      "100",
    ]);
  });
  it("halves round to even", () => {
    expect([0.5, 1.5, 2.5, -0.5, 2.4].map(roundHalfEven)).toEqual([0, 2, 2, 0, 2]);
  });
  it("aligns without copying where nothing changes", () => {
    const x = tensor([a], [1, 2]);
    expect(align([x, x]).tensors[0]).toBe(x);
  });
});
