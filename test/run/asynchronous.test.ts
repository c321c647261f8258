/** States whose entries change one after the other: against loops written out here, and against the oracle on both engines. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import type { StoredResults } from "../../src/results/source.js";

const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

/** Real numbers: an entry sees the changes of those before it. */
const network = (update: string): string => `experiment e {
  axis n = 5
  axis q = 2
  sweep seed in 0..1
  W[n, n'] ~ normal(0, 1)
  start[q, n] ~ normal(0, 1)
  evolve relax {
    state s[q, n] = start[q, n]
    ${update}
    for 3 steps
    record { now[q, n] = s[q, n] }
  }
  measure given { weights[n, n'] = W[n, n']; begin[q, n] = start[q, n] }
}`;

const field = "s[q, n] <- tanh(sum(n') W[n, n'] * s[q, n'])";

function cellsOf(results: StoredResults, phase: string, name: string): readonly number[] {
  const cells = results.cells(phase, name);
  if (cells === undefined) throw new Error(`no ${phase}.${name}`);
  return [...cells.values];
}

describe.each(engines)("updates of one entry after the other on %s", (engine) => {
  it("go in the natural order, each from the values that are there", async () => {
    await runText(network(`${field} asynchronously over n in order`), engine, (results) => {
      const [weights, begin] = [cellsOf(results, "given", "weights"), cellsOf(results, "given", "begin")];
      const found = cellsOf(results, "relax", "now");
      let place = 0;
      for (let seed = 0; seed < 2; seed++) {
        const state = begin.slice(seed * 10, seed * 10 + 10);
        for (let step = 0; step <= 3; step++) {
          for (const value of state) expect(Math.abs(at(found, place++) - value)).toBeLessThan(1e-5);
          for (let n = 0; n < 5; n++)
            for (let q = 0; q < 2; q++) {
              let sum = 0;
              for (let m = 0; m < 5; m++) sum += at(weights, seed * 25 + n * 5 + m) * at(state, q * 5 + m);
              state[q * 5 + n] = Math.tanh(sum);
            }
        }
      }
      expect(place).toBe(found.length);
    });
  });

  it.each([
    ["in a random order", `${field} asynchronously over n`],
    ["in an order for each query", `${field} asynchronously over n per q`],
    ["one alone", `${field} asynchronously over n one`],
    ["one alone for each query", `${field} asynchronously over n one per q`],
    ["but for some", `${field} where n != 2 asynchronously over n`],
    [
      "through equations, sums and a choice",
      "h[q, n] = sum(n') W[n, n'] * s[q, n']\n both[q, n] = h[q, n] + s[q, n]\n s[q, n] <- if both[q, n] > 0 then sin(both[q, n]) else n * mean(n') s[q, n'] asynchronously over n",
    ],
    ["until each rests", `${field} asynchronously over n\n until[q] all(n) abs(s[q, n]) < 0.9`],
  ])("agree with the oracle %s", async (_, update) => {
    await agreesWithOracle(network(update), engine, 2e-5);
  });

  it("leave an entry where a random order has been", async () => {
    // Each entry is one more than the largest so far: at the end of a step all differ, by their order.
    const text = `experiment e {
  axis n = 6
  axis q = 2
  sweep seed in 0..2
  evolve ranks {
    state s[q, n] = 0
    s[q, n] <- 1 + max(n') s[q, n'] asynchronously over n ORDER
    for 2 steps
    record { now[q, n] = s[q, n] }
  }
}`;
    const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
    for (const [order, alike] of [
      ["", true],
      ["per q", false],
      ["in order", true],
    ] as const)
      await runText(text.replace("ORDER", order), engine, (results) => {
        const now = cellsOf(results, "ranks", "now");
        const rows = Array.from({ length: now.length / 6 }, (_, k) => now.slice(6 * k, 6 * k + 6));
        let same = 0;
        // The natural order depends on no seed.
        const seeds = rows.length / 6;
        expect(seeds).toBe(order === "in order" ? 1 : 3);
        for (let seed = 0; seed < seeds; seed++)
          for (let step = 1; step <= 2; step++) {
            const [first, second] = [0, 1].map((q) => at(rows, (seed * 3 + step) * 2 + q));
            for (const row of [first, second])
              expect(sorted(row ?? [])).toEqual([1, 2, 3, 4, 5, 6].map((x) => x + 6 * (step - 1)));
            if (first?.join() === second?.join()) same++;
            if (order === "in order") expect(first).toEqual(sorted(first ?? []));
          }
        expect(same === 2 * seeds).toBe(alike);
      });
  });
});

/** Networks of ±1, all at once and one after the other. */
const signs = (size: number): string => `experiment e {
  axis n = ${size}
  axis p = 6
  axis q = 4
  sweep seed in 0..1
  xi[p, n] ~ rademacher()
  start[q, n] ~ rademacher()
  fn F(z) = relu(z)^3
  memory hopfield {
    W[n, n'] = if n == n' then 0 else sum(p) xi[p, n] * xi[p, n']
    fn update(s[n])[n] = sign(sum(n') W[n, n'] * s[n'], zero: s[n])
  }
  memory dense {
    fn update(s[n])[n] = {
      h[p] = sum(n') xi[p, n'] * s[n']
      rest[p, n] = h[p] - xi[p, n] * s[n]
      return sign(sum(p) (F(rest[p, n] + xi[p, n]) - F(rest[p, n] - xi[p, n])), zero: s[n])
    }
  }
  memory modern {
    fn update(s[n])[n] = {
      h[p] = sum(n') xi[p, n'] * s[n'] / size(n)
      return sign(sum(p) xi[p, n] * exp(4 * h[p] - 4 * xi[p, n] * s[n] / size(n)), zero: s[n])
    }
  }
  // Each pattern recalls the one after it.
  memory sequence {
    fn update(s[n])[n] = sign(sum(p) xi[cyclic(p + 1), n] * F(sum(n') xi[p, n'] * s[n'] - xi[p, n] * s[n]), zero: s[n])
  }
${["hopfield", "dense", "modern", "sequence"]
  .flatMap((memory) =>
    ["", " asynchronously over n"].map(
      (how) => `  evolve ${memory}_${how === "" ? "at_once" : "in_turn"} {
    state s[q, n] = start[q, n]
    s[q, n] <- ${memory}.update(s[q, :])[n]${how}
    for 3 steps
    record { now[q, n] = s[q, n] }
  }`,
    ),
  )
  .join("\n")}
}`;

describe("networks of signs", () => {
  it.each(engines)("have the oracle's states on %s", async (engine) => {
    await agreesWithOracle(signs(12), engine, 0);
  });

  it("cost at most four times as much one after the other as all at once", () => {
    const { phases } = planText(signs(100));
    const operations = (name: string): number =>
      at(phases.find((phase) => phase.name === name)?.programs ?? [], 0).cost.flopsPerStep;
    for (const memory of ["hopfield", "dense", "modern", "sequence"]) {
      const [together, inTurn] = [operations(`${memory}_at_once`), operations(`${memory}_in_turn`)];
      expect(inTurn / together, memory).toBeLessThan(4);
      expect(inTurn / together, memory).toBeGreaterThan(1);
    }
  });

  it("need no watch over their ints, and add them up as floats", () => {
    for (const { programs } of planText(signs(100)).phases)
      for (const { program } of programs) {
        expect(program.checks).toEqual([]);
        expect(program.nodes.filter(({ op, type }) => op === "reduce_sum" && type.dtype === "i32")).toEqual([]);
      }
  });
});
