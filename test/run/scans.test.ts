/** Scans and iterations that are loops: against the oracle on both engines, and against the same written out. */
import { describe, expect, it, test } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { faultsIn } from "../language/support.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

/** A short scan is a loop where something might end it. */
const never = "until 1 > 2";

const bodies: Readonly<Record<string, string>> = {
  "states, stacks and the position": `
  scan t: time END {
    state S[key] = 0
    miss[t] = v[t] - sum(key) S[key] * k[t, key]
    scaled[t, key] = miss[t] * k[t, key] / (1 + t)
    S[key] <- S[key] + beta * miss[t] * k[t, key]
  }
  measure m { final_[key] = S[key]; misses_[time] = miss[time]; all_[time, key] = scaled[time, key] }`,
  "in reverse, with two states at once": `
  scan t: time in reverse END {
    state a = 0
    state b = 1.0
    back[t] = v[t] + b
    (a, b) <- (a + t, b * v[t] + a)
  }
  measure m { a_ = a; b_ = b; back_[time] = back[time] }`,
  "reads of other positions": `
  scan t: time END {
    state s = 0.0
    s <- s + v[clamp(t + 1)] - v[cyclic(t - 2)] + v[pad(t + 3)]
  }
  measure m { s_ = s }`,
  "a condition on what is written, an int that becomes real": `
  scan t: time END {
    state n = 0
    state top[key] = -10.0
    n <- n + v[t]
    top[key] <- k[t, key] where k[t, key] > top[key]
  }
  measure m { n_ = n; top_[key] = top[key] }`,
  "draws whose parameters are states": `
  scan t: time END {
    state s = 0.5
    u[t] ~ normal(s, 0.5)
    share[t, key] ~ uniform(-s, 1)
    c[t] ~ categorical(key, 1 + key * s^2)
    b ~ bernoulli(0.5)
    sign_ ~ rademacher()
    s <- s / 2 + u[t] + (if b then 1 else 0) + c[t] * sign_ + sum(key) share[t, key]
  }
  measure m { s_ = s; u_[time] = u[time]; c_[time] = c[time]; share_[time, key] = share[time, key] }`,
  "a count": `
  scan r: 5 END { state a = 1; state b[key] = k[0, key]; b[key] <- tanh(b[key] * 2 - k[r, key]); a <- 2 * a + r }
  measure m { a_ = a; b_[key] = b[key] }`,
  "a scan in a scan": `
  scan t: time END {
    state acc[key] = 0
    scan u: 3 END { state h[key] = k[t, key]; h[key] <- tanh(h[key] + acc[key] + u + t) }
    kept[t, key] = h[key] * v[t]
    acc[key] <- acc[key] + h[key] * v[t]
  }
  measure m { acc_[key] = acc[key]; kept_[time, key] = kept[time, key] }`,
};

test("draws of a scan are those of their distributions", () => {
  const plan = planText(`experiment e {
  sweep seed in 0..1
  axis token = 5
  axis many = 4000
  axis pos = 4
  scan pos {
    state now[many] = 0
    x[many, pos] ~ categorical(token, if pos == 0 then token + 1 else real(token == mod(now[many] + 1, 5)))
    y[many, pos] ~ normal(now[many], 2)
    now[many] <- x[many, pos]
  }
  measure m {
    share[token] = fraction(many) (x[many, 0] == token)
    follows = fraction(many, pos where pos > 0) (x[many, pos] == mod(x[many, pos - 1] + 1, 5))
    centred = mean(many) (y[many, 2] - x[many, 1])
    spread = std(many) (y[many, 2] - x[many, 1])
  }
}`);
  for (const point of oracleRuns(plan).get("m") ?? []) {
    const value = (name: string): readonly number[] => [...outputOf(plan, "m", name, point)];
    value("share").forEach((share, token) => {
      // Four standard errors of a share of 4000.
      expect(Math.abs(share - (token + 1) / 15)).toBeLessThan(4 * Math.sqrt(0.25 / 4000));
    });
    expect(value("follows")).toEqual([1]);
    expect(Math.abs(value("centred")[0] ?? NaN)).toBeLessThan((4 * 2) / Math.sqrt(4000));
    expect(Math.abs((value("spread")[0] ?? NaN) - 2)).toBeLessThan(4 * Math.sqrt(2 / 4000));
  }
});

/** As often as a sweep says is a loop. */
const iterations = (times: string): string => `experiment e {
  axis key = 3
  axis i = 2
  sweep seed in 0..1
  sweep n in [5, 40]
  k[key] ~ normal(0, 1)
  v[i] ~ normal(0, 1)
  measure m {
    root = iterate ${times} from r = 1 { return (r + (2 + v[0]^2) / r) / 2 }
    whole[key] = iterate ${times} from x[key] = k[key] { y[key] = tanh(x[key] + k[key]); return y[key] - mean(key') y[key'] }
    for_each[key, i] = iterate ${times} from z = 0 { return tanh(z + k[key] * v[i]) }
    times = n
  }
}`;

function spec(body: string, end: string): string {
  return `experiment e {
  axis time = 6
  axis key = 3
  sweep seed in 0..1
  sweep beta in [0.5, 1]
  k[time, key] ~ normal(0, 1)
  v[time] ~ normal(0, 1)
${body.replaceAll("END", end)}
}`;
}

describe.each(Object.entries(bodies))("a scan with %s", (_, body) => {
  it("is as a loop what it is written out", () => {
    const [written, loop] = ["", never].map((end) => oracleRuns(planText(spec(body, end))).get("m") ?? []);
    expect(written?.length).toBeGreaterThan(0);
    expect(loop?.map(({ result }) => result.outputs.map((x) => [...x]))).toEqual(
      written?.map(({ result }) => result.outputs.map((x) => [...x])),
    );
  });

  it.each(Object.keys(enginesHere()))("gives the oracle's values on %s", async (engine) => {
    await agreesWithOracle(spec(body, never), engine as "graph" | "portable", 1e-5);
  });
});

/** Loops of functions that stand where an index is bound, and a gradient inside of a loop. */
const forEachIndex = (end: string): string => `experiment e {
  axis i = 3
  axis q = 2
  sweep seed in 0..1
  x[q, i] ~ normal(0, 1)
  fn sums(v[i], k)[i] = {
    scan u: i ${end} { state acc = 0.0; part[u] = acc * v[u] + k; acc <- acc + v[u] }
    return part[i]
  }
  measure m {
    of_row[q, i] = sums(x[q, :], q)[i]
    of_other[q, i] = sums(2 * x[q, :], 1)[i]
    root[i] = iterate 30 from w[i] = x[1, i] {
      return w[i] - 0.1 * grad(sum(i') (w[i']^4 / 4 - x[0, i'] * w[i']), w)[i]
    }
  }
}`;

describe("loops of a function, for each index", () => {
  it("are what they are written out", () => {
    const [written, loop] = ["", never].map((end) => oracleRuns(planText(forEachIndex(end))).get("m") ?? []);
    const values = (runs: typeof written) => runs?.map(({ result }) => result.outputs.map((x) => [...x]));
    expect(values(loop)).toEqual(values(written));
    expect(written).toHaveLength(2);
  });

  it.each(Object.keys(enginesHere()))("give the oracle's values on %s", async (engine) => {
    await agreesWithOracle(forEachIndex(never), engine as "graph" | "portable", 1e-5);
    await agreesWithOracle(forEachIndex(""), engine as "graph" | "portable", 1e-5);
  });
});

describe("an iteration", () => {
  it("is as a loop what it is written out", () => {
    const outputs = (times: string) =>
      (oracleRuns(planText(iterations(times))).get("m") ?? [])
        .map(({ result }) => result.outputs.map((x) => [...x]))
        .filter((values) => values.at(-1)?.[0] === 5);
    expect(outputs("n")).toEqual(outputs("5"));
    expect(outputs("n")).toHaveLength(2);
  });

  it.each(Object.keys(enginesHere()))("gives the oracle's values on %s", async (engine) => {
    await agreesWithOracle(iterations("n"), engine as "graph" | "portable", 1e-5);
  });
});

const trained = (length: string, end: string): string => `use std.optimizers
experiment e {
  axis time = 5
  axis key = 3
  sweep seed in 0..1
  sweep n in [3, 5]
  k[time, key] ~ normal(0, 1)
  param w[key] ~ normal(0, 1)
  param a = 0.5
  scan t: ${length} ${end} { state h[key] = w[key]; h[key] <- tanh(a * h[key] + k[cyclic(t), key] * w[key]) }
  far = iterate 20 from x = a { return tanh(x + a / 2) }
  loss = sum(key) (h[key] - 0.3)^2 + far^2
  train fit { minimize loss over (w, a) using gd(lr: 0.1); for 6 steps; record { loss } }
}`;

describe("the gradient through loops", () => {
  it("is that of the same written out", () => {
    const [written, loop] = ["", never].map((end) => oracleRuns(planText(trained("4", end))).get("fit") ?? []);
    written?.forEach(({ result }, point) => {
      result.carried.forEach((value, c) => {
        value.forEach((x, e) => {
          expect(x).toBeCloseTo(loop?.[point]?.result.carried[c]?.[e] ?? NaN, 12);
        });
      });
    });
    expect(written?.length).toBe(2);
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s, where a sweep says how long", async (engine) => {
    await agreesWithOracle(trained("n", ""), engine as "graph" | "portable", 2e-5);
  });
});

describe("a scan in a phase's body", () => {
  const spec = (count: number, updates: string): string => `experiment e {
  axis i = ${count}
  evolve run {
    state x = 1
    state y = 0
    scan t: i { state h = x; seen[t] = h + t; h <- h + 1 }
    ${updates}
    for 2 steps
    record { x, y }
  }
}
`;

  // Written out, and as a loop.
  test.each([3, 20])("%i iterations are taken at their place, like an equation", async (count) => {
    const text = spec(count, "x <- 2 * x; y <- h + seen[1]");
    await runText(text, "portable", (results) => {
      // A hand-written loop: h = x + count, seen[1] = x + 2, both of x before it is doubled.
      expect([...(results.cells("run", "x")?.values ?? [])]).toEqual([1, 2, 4]);
      expect([...(results.cells("run", "y")?.values ?? [])]).toEqual([0, count + 4, count + 6]);
    });
    for (const engine of Object.keys(enginesHere())) await agreesWithOracle(text, engine as "graph" | "portable", 1e-6);
  });

  test("what it leaves is not read before it is taken", () => {
    const text = spec(3, "").replace("scan t", "y <- h\n    scan t");
    expect(faultsIn(text)).toContain("AM2028 h");
  });

  test("a scan that declares nothing is checked all the same", () => {
    expect(faultsIn(spec(3, "scan u: 2 { y <- y + lost }\n    x <- x + y"))).toContain("AM2001 lost");
  });
});

describe("an update of one position in a scan", () => {
  const spec = (count: number): string => `experiment e {
  axis time = ${count}
  axis slot = 4
  axis key = 2
  x[time] = cos(time)
  measure m {
    scan time {
      state n[slot] = 0
      state last[slot, key] = -1.0
      state big[time] = 0.0
      to[time] = mod(2 * time, 4)
      place = mod(time, 3)
      n[to[time]] <- n[to[time]] + 1
      last[place, key] <- x[time] + key
      big[time] <- x[time] where x[time] > 0
    }
    counted[slot] = n[slot]
    lasts[slot, key] = last[slot, key]
    bigs[time] = big[time]
  }
  measure by_count {
    scan r: ${count} { state c[time] = 0; c[r] <- c[r] + r + 1 }
    written[time] = c[time]
  }
}
`;

  // Written out, and as a loop.
  test.each([6, 20])("%i iterations write what a loop by hand writes", async (count) => {
    const n = [0, 0, 0, 0];
    const last = Array.from({ length: 8 }, () => -1);
    const big = Array.from({ length: count }, () => 0);
    for (let t = 0; t < count; t++) {
      n[(2 * t) % 4] = (n[(2 * t) % 4] ?? 0) + 1;
      for (const key of [0, 1]) last[(t % 3) * 2 + key] = Math.cos(t) + key;
      if (Math.cos(t) > 0) big[t] = Math.cos(t);
    }
    await runText(spec(count), "portable", (results) => {
      const of = (phase: string, name: string): readonly number[] => [...(results.cells(phase, name)?.values ?? [])];
      expect(of("m", "counted")).toEqual(n);
      of("m", "lasts").forEach((value, k) => expect(value).toBeCloseTo(last[k] ?? NaN, 6));
      of("m", "bigs").forEach((value, k) => expect(value).toBeCloseTo(big[k] ?? NaN, 6));
      expect(of("by_count", "written")).toEqual(big.map((_, k) => k + 1));
    });
    for (const engine of Object.keys(enginesHere()))
      await agreesWithOracle(spec(count), engine as "graph" | "portable", 1e-6);
  });

  test("a position outside of the axis makes the point fail", async () => {
    const outside = spec(6).replace("mod(time, 3)", "time");
    // What a run reports is what the helper refuses.
    const said: unknown = await runText(outside, "portable", () => undefined).catch((fault: unknown) => fault);
    expect(said).toMatchObject({
      actual: { code: "AM7001", message: expect.stringContaining("outside of `slot`") as string },
    });
  });
});
