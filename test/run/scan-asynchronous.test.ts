/** Entries that change one after the other in the body of a scan: against loops written here, and the oracle on both engines. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { streamKey, wordsOf } from "../../src/ir/draws/stream.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

/** A short scan is a loop where something might end it. */
const never = "until 1 > 2";
const forms = [
  ["written out", ""],
  ["as a loop", never],
] as const;

const field = "s[q, n] <- tanh(sum(n') W[n, n'] * s[q, n'] + t)";

const spec = (update: string, end: string, extra = ""): string => `experiment e {
  axis n = 5
  axis q = 2
  axis time = 3
  sweep seed in 0..1
  W[n, n'] = sin(1 + 3 * n + 7 * n')
  start[q, n] = cos(2 + 5 * q + n)
  scan t: time ${end} {
    state s[q, n] = start[q, n]
    ${update}
    kept[t, q, n] = s[q, n]
  }
  ${extra}
  measure m { now[time, q, n] = kept[time, q, n]; final_[q, n] = s[q, n] }
}`;

function outputs(text: string, name: string): readonly (readonly number[])[] {
  const plan = planText(text);
  return (oracleRuns(plan).get("m") ?? []).map((point) => [...outputOf(plan, "m", name, point)]);
}

/** The states after each iteration, when entries change in the given order of the iteration and query. */
function byHand(orderOf: (t: number, q: number) => readonly number[], skipped = -1): readonly number[] {
  const state = [0, 1].map((q) => [0, 1, 2, 3, 4].map((n) => Math.cos(2 + 5 * q + n)));
  return [0, 1, 2].flatMap((t) => {
    state.forEach((row, q) => {
      for (const n of orderOf(t, q))
        if (n !== skipped) row[n] = Math.tanh(row.reduce((sum, x, m) => sum + Math.sin(1 + 3 * n + 7 * m) * x, t));
    });
    return state.flat();
  });
}

/** The order that a seed draws, over the given sizes of which the last one is that of the entries. */
function drawnOrders(seed: number, sizes: readonly number[]): readonly (readonly number[])[] {
  const words = [...wordsOf(streamKey("s order", [seed]), sizes)].map(([word]) => word | 0);
  const size = at(sizes, sizes.length - 1);
  return Array.from({ length: words.length / size }, (_, k) => {
    const line = words.slice(k * size, (k + 1) * size);
    return line.map((_word, n) => n).sort((a, b) => at(line, a) - at(line, b));
  });
}

function expectNear(found: readonly number[], wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, k) => {
    expect(Math.abs(value - at(wanted, k)), `entry ${k}: ${value} and not ${at(wanted, k)}`).toBeLessThan(1e-6);
  });
}

describe.each(forms)("entries change one after the other in a scan %s", (_, end) => {
  it("in the natural order", () => {
    for (const found of outputs(spec(`${field} asynchronously over n in order`, end), "now"))
      expectNear(
        found,
        byHand(() => [0, 1, 2, 3, 4]),
      );
  });

  it("in an order that each iteration draws", () => {
    outputs(spec(`${field} asynchronously over n`, end), "now").forEach((found, seed) => {
      const orders = drawnOrders(seed, [3, 5]);
      expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(1);
      expectNear(
        found,
        byHand((t) => at(orders, t)),
      );
    });
  });

  it("in an order of each query", () => {
    outputs(spec(`${field} asynchronously over n per q`, end), "now").forEach((found, seed) => {
      const orders = drawnOrders(seed, [3, 2, 5]);
      expectNear(
        found,
        byHand((t, q) => at(orders, 2 * t + q)),
      );
    });
  });

  it("but for some", () => {
    for (const found of outputs(spec(`${field} where n != 2 asynchronously over n in order`, end), "now"))
      expectNear(
        found,
        byHand(() => [0, 1, 2, 3, 4], 2),
      );
  });

  it("one in each iteration", () => {
    outputs(spec(`${field} asynchronously over n one`, end), "now").forEach((found, seed) => {
      const words = [...wordsOf(streamKey("s order", [seed]), [3])].map(([word]) => word | 0);
      const chosen = words.map((word) => Math.floor((((word >> 8) + 2 ** 23) / 2 ** 24) * 5));
      expectNear(
        found,
        byHand((t) => [at(chosen, t)]),
      );
    });
  });

  it("and gradients pass", () => {
    const text = spec(
      `${field.replace("+ t", "+ w * t")} asynchronously over n`,
      end,
      "param w = 0.5\n  measure d { slope = grad(sum(q, n) s[q, n]^2, w); total = sum(q, n) s[q, n]^2 }",
    );
    const at_ = (w: number, name: string): readonly number[] => {
      const plan = planText(
        text.replace("param w = 0.5", `param w = ${w}`).replace("experiment e {", "experiment e {\n  precision f64"),
      );
      return (oracleRuns(plan).get("d") ?? []).map((point) => at([...outputOf(plan, "d", name, point)], 0));
    };
    const h = 1e-5;
    const [more, less] = [at_(0.5 + h, "total"), at_(0.5 - h, "total")];
    at_(0.5, "slope").forEach((slope, k) => {
      expect(Math.abs(slope - (at(more, k) - at(less, k)) / (2 * h))).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
    });
  });
});

const cases = {
  "in a random order, with sums": `h[q, n] = sum(n') W[n, n'] * s[q, n']
    s[q, n] <- if h[q, n] > 0 then sin(h[q, n] + t) else n * mean(n') s[q, n'] asynchronously over n`,
  "for each query": `${field} asynchronously over n per q`,
  "one alone for each query, an int that becomes real": `${field} asynchronously over n one per q`,
};
describe.each(Object.entries(cases))("one after the other %s", (_, update) => {
  it.each(Object.keys(enginesHere()))("are the oracle's on %s", async (engine) => {
    for (const [, end] of forms) await agreesWithOracle(spec(update, end), engine as "graph" | "portable", 2e-5);
  });
});

it.each(Object.keys(enginesHere()))("a scan in a phase draws its orders in each step on %s", async (engine) => {
  const text = `experiment e {
  axis n = 4
  sweep seed in 0..1
  evolve run {
    state total[n] = 0.0
    scan r: 3 { state s[n] = 0; s[n] <- 1 + max(n') s[n'] asynchronously over n }
    total[n] <- 100 * total[n] + s[n]
    for 3 steps
    record { now[n] = s[n]; total[n] }
  }
}`;
  const plan = planText(text);
  for (const { result } of oracleRuns(plan).get("run") ?? []) {
    const ranks = at(result.groups, 0).entries.map((entry) => entry.map((slot) => [...slot].join()));
    // Twelve updates, so the last four are 9 … 12, in an order of the step.
    for (const row of at(ranks, 0))
      expect(
        row
          .split(",")
          .map(Number)
          .sort((a, b) => a - b),
      ).toEqual([9, 10, 11, 12]);
    expect(new Set(at(ranks, 0)).size).toBeGreaterThan(1);
  }
  await agreesWithOracle(text, engine as "graph" | "portable", 0);
});

/** The same network in a phase, and in a scan. */
const network = (size: number, how: string): string => `experiment e {
  axis n = ${size}
  axis p = 20
  axis q = 4
  xi[p, n] ~ rademacher()
  start[q, n] ~ rademacher()
  W[n, n'] = if n == n' then 0 else sum(p) xi[p, n] * xi[p, n']
  fn update(s[n])[n] = sign(sum(n') W[n, n'] * s[n'], zero: s[n])
  evolve phase { state s[q, n] = start[q, n]; s[q, n] <- update(s[q, :])[n] ${how}
    for 20 steps
    record last { end[q, n] = s[q, n] } }
  scan r: 20 { state x[q, n] = start[q, n]; x[q, n] <- update(x[q, :])[n] ${how} }
  measure m { end[q, n] = x[q, n] }
}`;

it("costs in a scan what it costs in a phase, and gives the same", () => {
  const { phases } = planText(network(200, "asynchronously over n"));
  const cost = (name: string) => at(phases.find((phase) => phase.name === name)?.programs ?? [], 0).cost;
  const [phase, scan] = [cost("phase"), cost("m")];
  expect(scan.flopsPerStep / (20 * phase.flopsPerStep)).toBeLessThan(1.5);
  const plan = planText(network(16, "asynchronously over n in order"));
  const runs = oracleRuns(plan);
  const ends = [at(runs.get("m") ?? [], 0).result.outputs[0], at(at(runs.get("phase") ?? [], 0).result.last, 0)[0]];
  expect([...(ends[0] ?? [])]).toEqual([...(ends[1] ?? [])]);
});

describe("draws and orders of scans", () => {
  const padded = `experiment e {
  sweep P in [3, 5]
  axis n = P
  axis other = 2
  axis both = n ++ other
  axis time = 3
  W[n, n'] = cos(n + 2 * n')
  scan t: time until 1 > 2 {
    state s[n] ~ normal(0, 1)
    g[t, n] ~ gamma(2, 1)
    s[n] <- tanh(sum(n') W[n, n'] * s[n']) + g[t, n] asynchronously over n
  }
  y[both] = n: n | other: 10 * position(other)
  scan b: both { state v = 0; v <- v + y[b] * b }
  measure m { s_[n] = s[n]; v_ = v }
}`;
  it("are those of their own sizes in programs that are padded", async () => {
    await agreesWithOracle(padded, "graph", 1e-4, undefined, true);
    const plan = planText(padded);
    const [first, second] = oracleRuns(plan).get("m") ?? [];
    // The numbers 0, 1, … and 0, 10 by their positions.
    expect(first === undefined ? [] : [...outputOf(plan, "m", "v_", first)]).toEqual([45]);
    expect(second === undefined ? [] : [...outputOf(plan, "m", "v_", second)]).toEqual([90]);
  });

  const redrawn = `experiment e {
  sweep seed in 0..1
  axis time = 3
  axis slot = 2
  data source(slot: axis) {
    x[slot, time] ~ normal(0, 1)
    scan t: time until 1 > 2 {
      state s[slot] ~ rademacher()
      c[slot, t] ~ poisson(2 + abs(s[slot]))
      s[slot] <- s[slot] + x[slot, t] * sum(slot') s[slot'] asynchronously over slot
    }
    total[slot] = sum(time) c[slot, time] + s[slot]
  }
  evolve run {
    draw d = source(slot)
    state a = 0.0
    a <- a / 2 + sum(slot) d.total[slot]
    for 3 steps
    record { a; d.total[slot] }
  }
}`;
  it.each(Object.keys(enginesHere()))("are made anew with the component that they stand in on %s", async (engine) => {
    for (const { result } of oracleRuns(planText(redrawn)).get("run") ?? []) {
      const totals = at(at(result.groups, 0).entries, 1).map((slot) => [...slot].join());
      expect(new Set(totals).size).toBe(4);
    }
    await agreesWithOracle(redrawn, engine as "graph" | "portable", 1e-4);
  });
});
