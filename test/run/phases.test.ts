/** Kinds of phases in whole specs: both engines give what the oracle gives, and what was worked out by hand. */
import { describe, expect, test } from "vitest";
import { readNativeRecord } from "../../src/base/native.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const native = readNativeRecord().info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1";
const engines = native ? (["portable", "graph"] as const) : (["portable"] as const);

const RESTING = `experiment resting {
  sweep eta in [1, 2]
  axis query = 4
  axis i = 2
  axis slot = 3
  state s[query] = 2^(position(query) + 1)
  state total[query, i] = 0
  evolve halve {
    grown[query] = s[query] + eta
    s[query] <- s[query] / 2
    total[query, i] <- total[query, i] + grown[query]
    for 10 steps
    until[query] s[query] <= 1
    record { s, total, same[query] = s[query] == previous(s[query]) }
    record every 3 { grown }
  }
  measure between { sum = sum(query) halve.grown[query] * halve.steps[query]; all = all(query) halve.stopped[query] }
  evolve fib {
    state a = 1
    state kept[slot, i] = 0
    kept[mod(step, 3), i] <- step + i
    a <- a + previous(a)
    state rare = 0
    every 3 steps {
      twice = 2 * a
      rare <- rare + twice
    }
    for 8 steps
    record { rare, a, c = previous(a, 2), kept }
  }
  do reset { s[query] <- 10 * s[query] }
  measure last { y[query] = s[query] + fib.steps }
}
`;

const DRAWN = `experiment drawn {
  sweep seed in 0..1
  sweep scale in [1, 2]
  axis i = 7
  axis c = 4
  axis a = 2
  axis b = 3
  state n = 0
  before[i] ~ categorical(c, position(c) + 1)
  die[i] ~ choice(1..6)
  evolve d {
    draw x[i] ~ normal(n, scale)
    draw u[a, b, c] ~ uniform(-1, 1)
    draw r[i] ~ rademacher()
    draw t[i] ~ bernoulli(sigmoid(n / 10))
    draw g[i] ~ categorical(c, position(c) + n)
    draw e[i] ~ choice(c)
    draw m[i] ~ choice(2..5)
    draw p[i] ~ permutation(i)
    draw v[a, c] ~ on_sphere(c)
    draw slow ~ uniform(0, 1) every 3 steps
    draw own ~ normal(0, 1) by 7
    n <- 0.5 * n + mean(i) abs(x[i])
    for 7 steps
    record { x, u, r, chosen[i] = real(t[i]), kind[i] = position(g[i]), even[i] = position(e[i]), m, order[i] = position(p[i]), v, slow, own, n }
  }
  measure first { share[c] = mean(i) (before[i] == c); sum = sum(i) die[i] }
}
`;

const TEMPLATE = `memory hebb(pattern: axis, neuron: axis) {
  xi[pattern, neuron] ~ rademacher()
  W[neuron, neuron'] = if neuron == neuron' then 0 else sum(pattern) xi[pattern, neuron] * xi[pattern, neuron']
  fn update(s[neuron])[neuron] = sign(sum(neuron') W[neuron, neuron'] * s[neuron'])
}
evolve relax(query: axis, neuron: axis, M: memory, cue[query, neuron], limit = 6) {
  state s[query, neuron] = cue[query, neuron]
  before[query, neuron] = s[query, neuron]
  s[query, neuron] <- M.update(s[query, :])[neuron]
  for limit steps
  until[query] all(neuron) s[query, neuron] == previous(s[query, neuron])
  record { overlap[query] = mean(neuron) s[query, neuron] * cue[query, neuron] }
}
experiment recall {
  sweep seed in 0..1
  axis pattern = 3
  axis neuron = 25
  memory M = hebb(pattern, neuron)
  flip[pattern, neuron] ~ bernoulli(0.2)
  evolve run = relax(pattern, neuron, M, cue[pattern, neuron] = if flip[pattern, neuron] then -M.xi[pattern, neuron] else M.xi[pattern, neuron])
  evolve again = relax(pattern, neuron, M, cue[pattern, neuron] = run.s[pattern, neuron], before[pattern, neuron] = 0, limit: 2)
  measure end { kept[pattern] = mean(neuron) run.s[pattern, neuron] * M.xi[pattern, neuron]; steps[pattern] = run.steps[pattern] + again.steps[pattern] }
}
`;

const LOOPS = `use std.optimizers
experiment loops {
  sweep seed in 0..1
  axis time = 5
  axis b = 2
  axis v = 3
  x[b, time, v] ~ normal(0, 1)
  param decay = 0.5
  scan t: time {
    state S[b, v] = 1
    err[b, t, v] = x[b, t, v] - S[b, v]
    S[b, v] <- decay * S[b, v] + err[b, t, v] where v < 2
  }
  scan t: time in reverse {
    state R = 0
    back[t] = R
    R <- R + x[0, t, 0]
  }
  scan turn: 20 { state p = 1; state q = 1; (p, q) <- (q, p + q) }
  fn settle(s0[v], n)[v] = {
    scan k: 3 { state s[v] = s0[v]; s[v] <- s[v] * 0.5 + n + k }
    return s[v]
  }
  loss = sum(b, v) S[b, v]^2
  train fit {
    minimize loss over decay
    using gd(lr: 0.01)
    for 5 steps
    record { loss, decay }
  }
  measure m {
    last[b, v] = S[b, v]
    errors[b, time, v] = err[b, time, v]
    backs[time] = back[time]
    fib = p
    settled[v] = settle(x[0, 0, :], 1)[v]
    root[b] = iterate 6 from r[b] = 1 + position(b) { half[b] = r[b] / 2; return half[b] + 1 / r[b] }
  }
}
`;

describe.each(engines)("on the %s engine", (engine) => {
  test("states that rest, previous values, writes to slices, values of earlier phases", async () => {
    await agreesWithOracle(RESTING, engine, 1e-6);
  });
  test("draws of each step", async () => {
    await agreesWithOracle(DRAWN, engine, 1e-5);
  });
  test("scans and iterations, and gradients through them", async () => {
    await agreesWithOracle(LOOPS, engine, 1e-5);
    await runText(LOOPS, engine, (results) => {
      expect(results.cells("m", "fib")?.values[0]).toBe(10946);
      expect(results.cells("m", "root")?.values[1]).toBeCloseTo(Math.SQRT2, 6);
    });
  });
  test("phases made from a template", async () => {
    await agreesWithOracle(TEMPLATE, engine, 1e-6);
  });
  test("a slice that rests keeps its values, and later records hold them", async () => {
    await runText(RESTING, engine, (results) => {
      const s = results.cells("halve", "s");
      // Steps 0 … 10, four queries; the first point.
      expect([...(s?.values.subarray(0, 44) ?? [])].filter((_, k) => k % 4 === 3)).toEqual([
        16, 8, 4, 2, 1, 1, 1, 1, 1, 1, 1,
      ]);
      expect([...(results.cells("halve", "steps")?.values.subarray(0, 4) ?? [])]).toEqual([1, 2, 3, 4]);
      expect([...(results.cells("fib", "a")?.values ?? [])]).toEqual([1, 2, 3, 5, 8, 13, 21, 34, 55]);
      // After 3 and 6 updates `a` is 5 and 21.
      expect([...(results.cells("fib", "rare")?.values ?? [])]).toEqual([0, 0, 0, 10, 10, 10, 52, 52, 52]);
      expect([...(results.cells("last", "y")?.values ?? [])]).toEqual(Array<number>(8).fill(18));
    });
  });
  test("draws have the bits of their step, seed and position", async () => {
    await runText(DRAWN, engine, (results) => {
      const slow = [...(results.cells("d", "slow")?.values.subarray(0, 8) ?? [])];
      expect(slow.slice(0, 3)).toEqual(Array<number | undefined>(3).fill(slow[0]));
      expect(slow[3]).not.toBe(slow[0]);
      const order = [...(results.cells("d", "order")?.values.subarray(0, 7) ?? [])];
      expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
      // `by 7` listens to no seed: the second half belongs to another one.
      const own = [...(results.cells("d", "own")?.values ?? [])];
      expect(own.slice(0, 8)).toEqual(own.slice(-8));
      const rademacher = [...(results.cells("d", "r")?.values ?? [])];
      expect(rademacher.slice(0, 56)).not.toEqual(rademacher.slice(-56));
    });
  });
});
