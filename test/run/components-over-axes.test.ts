/** `memory M[e] = …`: against the same with the axis written on every tensor, bit for bit, and against the oracle. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const measured = (text: string): readonly (readonly number[])[] =>
  (oracleRuns(planText(text)).get("m") ?? []).flatMap(({ result }) => result.outputs.map((value) => [...value]));

/** The same draws have the same bits, so all numbers are the same up to the order of sums. */
function same(short: string, long: string, count: number): void {
  const [found, wanted] = [measured(short), measured(long)];
  expect(found.length).toBe(count);
  found.forEach((values, k) => {
    expect(values.length, `result ${k}`).toBe(at(wanted, k).length);
    values.forEach((value, entry) => {
      expect(value, `result ${k}, entry ${entry}`).toBeCloseTo(at(at(wanted, k), entry), 11);
    });
    expect(values.some((value) => value !== at(values, 0)) || values.length === 1, `result ${k}`).toBe(true);
  });
}

const spec = (pages: string, memory: string, phases: string): string => `use std.optimizers
${pages}
experiment x {
  precision f64
  sweep seed in 0..1
  axis i = 3
  axis o = 2
  axis e = 4
  axis q = 2
  x[i] = i - 0.5
  y[q, i] = q + 0.1 * i
  pick[q] = q + 1
  ${memory}
  ${phases}
}`;

const net = `memory net(i: axis, o: axis, rate = 1) {
  param W[i, o] ~ normal(0, 1)
  param b[o] = 0.1 * o * rate
  param c = 1
  xi[i] ~ rademacher()
  order[i] ~ permutation(i)
  h[o] = c * sum(i) W[i, o] * xi[i]
  mass[o] = [0.5, 2]
  scan t: 3 { state S[o] = 0; S[o] <- S[o] / 2 + h[o] }
  fn f(x[i])[o] = { t[o] = b[o] + h[o] * 0.1; return t[o] + sum(i) W[i, o] * x[i] }
  fn F(z) = z * mass[1] + c
}`;
const written = `memory M {
    param W[e, i, o] ~ normal(0, 1)
    param b[e, o] = 0.1 * o / (e + 1)
    param c[e] = 1
    xi[e, i] ~ rademacher()
    order[e, i] ~ permutation(i)
    h[e, o] = c[e] * sum(i) W[e, i, o] * xi[e, i]
    S[e, o] = 1.75 * h[e, o]
  }`;
const short = spec(
  net,
  `memory M[e] = net(i, o, rate: 1 / (e + 1)) { fn double(z) = 2 * z * e }
  state ema = M
  memory A = M with ema
  loss = sum(e, o) (M[e].f(x)[o] - 1)^2 + 0.01 * total(M^2)`,
  `train fit { minimize loss over M; using clip_norm(1) | gd(lr: 0.1); ema <- 0.9 * ema + 0.1 * M; for 5 steps; record { loss, M.W } }
  measure m {
    f[e, o] = M[e].f(x)[o]
    two[o] = M[2].f(x)[o]
    picked[q, o] = M[pick[q]].f(y[q, :])[o]
    g[e, i, o] = grad(loss, M[e].W)[i, o]
    g2[i, o] = grad(loss, M[1].W)[i, o]
    own[e, i] = grad(sum(o) M[e].h[o]^2, M[e].W)[i, 0]
    h[o, e] = M.h[e, o] + M[e].S[o]
    n = size(M)
    z = norm(M)
    W[e, i, o] = M.W[e, i, o] + A.W[e, i, o]
    w[i, o] = M[3].W[i, o]
    xi[e, i] = M.xi[e, i] + 10 * M[e].order[i]
    a[e, o] = A[e].f(x)[o]
    s = loss with ema
    m[e] = M[e].F(3) + M[e].double(3) + M.mass[e, 1]
  }`,
);
const long = spec(
  "",
  `${written}
  state eW[e, i, o] = M.W[e, i, o]
  state eb[e, o] = M.b[e, o]
  state ec[e] = M.c[e]
  out[e, o] = M.b[e, o] + 0.1 * M.h[e, o] + sum(i) M.W[e, i, o] * x[i]
  loss = sum(e, o) (out[e, o] - 1)^2 + 0.01 * (sum(e, i, o) M.W[e, i, o]^2 + sum(e, o) M.b[e, o]^2 + sum(e) M.c[e]^2)`,
  `train fit {
    minimize loss over M; using clip_norm(1) | gd(lr: 0.1)
    eW[e, i, o] <- 0.9 * eW[e, i, o] + 0.1 * M.W[e, i, o]
    eb[e, o] <- 0.9 * eb[e, o] + 0.1 * M.b[e, o]
    ec[e] <- 0.9 * ec[e] + 0.1 * M.c[e]
    for 5 steps; record { loss, M.W }
  }
  measure m {
    f[e, o] = out[e, o]
    two[o] = out[2, o]
    picked[q, o] = M.b[q + 1, o] + 0.1 * M.h[q + 1, o] + sum(i) M.W[q + 1, i, o] * y[q, i]
    g[e, i, o] = grad(loss, M.W)[e, i, o]
    g2[i, o] = grad(loss, M.W)[1, i, o]
    own[e, i] = 2 * M.h[e, 0] * M.c[e] * M.xi[e, i]
    h[o, e] = M.h[e, o] + M.S[e, o]
    n = 36
    z = sqrt(sum(e, i, o) M.W[e, i, o]^2 + sum(e, o) M.b[e, o]^2 + sum(e) M.c[e]^2)
    W[e, i, o] = M.W[e, i, o] + eW[e, i, o]
    w[i, o] = M.W[3, i, o]
    xi[e, i] = M.xi[e, i] + 10 * M.order[e, i]
    a[e, o] = eb[e, o] + sum(i) eW[e, i, o] * (x[i] + 0.1 * ec[e] * M.xi[e, i])
    s = loss with M.W[e, i, o] = eW[e, i, o], M.b[e, o] = eb[e, o], M.c[e] = ec[e]
    m[e] = 3 * 2 + M.c[e] + 6 * e + 2
  }`,
);

/** Each has an optimizer of its own: norms and orthogonal directions are those of one parameter. */
const trained = (using: string, memory: string, loss: string, all: string): string =>
  spec(
    "memory net(i: axis, o: axis, a) { param W[i, o] = sin(a + i + 2 * o); fn f(x[i])[o] = sum(i) W[i, o] * x[i] }",
    `${memory}
    loss = ${loss}`,
    `train fit { minimize loss over ${all}; using ${using}; for 4 steps }`,
  );
const one = (using: string): string =>
  trained(using, "memory M[e] = net(i, o, a: e)", "sum(e, o) (M[e].f(x)[o] - 1 - e)^2", "M").replace(
    /\}$/u,
    "measure m { W0[i, o] = M.W[0, i, o]; W1[i, o] = M.W[1, i, o]; W2[i, o] = M[2].W[i, o]; W3[i, o] = M[3].W[i, o] }\n}",
  );
const several = (using: string): string =>
  trained(
    using,
    [0, 1, 2, 3].map((k) => `memory M${k} = net(i, o, a: ${k})`).join("\n"),
    [0, 1, 2, 3].map((k) => `(sum(o) (M${k}.f(x)[o] - 1 - ${k})^2)`).join(" + "),
    [0, 1, 2, 3].map((k) => `M${k}`).join(", "),
  ).replace(/\}$/u, `measure m { ${[0, 1, 2, 3].map((k) => `W${k}[i, o] = M${k}.W[i, o]`).join("; ")} }\n}`);
const optimizers = [
  "gd(lr: 0.1)",
  "adam(lr: 0.1)",
  "normalised_gd(lr: 0.1)",
  "muon(lr: 0.1)",
  "clip_norm(1) | adam(lr: 0.1)",
];

/** Inside of others, of several axes, chosen, in scans, as an argument, with names of its own. */
const forms = spec(
  `memory cell(i: axis, a) { param w[i] = a + i; state s[i] = 2 * (a + i); fn g(z) = z + sum(i) w[i] * s[i] }
  memory block(i: axis, q: axis, a) {
    memory inner = cell(i, a: a)
    memory many[q] = cell(i, a: a + 10 * q)
    state kept = inner
    total_ = inner.g(1) + sum(q) many[q].g(q)
    fn all_(z) = z * inner.g(0) + sum(q) many[q].w[0]
  }
  memory twice(i: axis, a) { param w[i] = 2 * a - i; fn g(z) = z * w[1] }
  fn ask(m: memory, z) = m.g(z)`,
  `sweep arm in {one, two}
  memory B[e] = block(i, q, a: e)
  memory C[e] = case arm { one: cell(i, a: e), two: twice(i, a: e) }
  memory D[e, q] { axis k = 2; param v[k] = e + 3 * q + k; fn g(z) = z * q + e + v[1] }
  loss = sum(e) (C[e].g(1))^2
  scan e: e { state z = 1.0; z <- 0.01 * C[e].g(z) }`,
  `train fit { minimize loss over C; using normalised_gd(lr: 0.1); for 3 steps }
  do change { B.inner.s[e, i] <- B.inner.s[e, i] + e }
  measure m {
    t[e] = B.total_[e]
    f[e] = B[e].all_(2)
    i_[e, i] = B[e].inner.s[i] + B.inner.w[e, i] + B.kept.w[e, i]
    m[e, q, i] = B.many.w[e, q, i] + B[e].many[q].s[i]
    n = size(C) + size(D) + size(B.many)
    c[e] = C[e].g(2)
    w[e, i] = C.w[e, i]
    d[e, q] = D[e, q].g(2) + ask(D[e, 1], q)
    zz = z
  }`,
);
/** The numbers of `forms`, in loops, with `C` by its arm. */
function byHand(isFirst: boolean): readonly (readonly number[])[] {
  const [is, es, qs] = [
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 1],
  ] as const;
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const inner = (e: number): number => sum(is.map((i) => (e + i) * (2 * (e + i) + e)));
  const many = (a: number): number => sum(is.map((i) => 2 * (a + i) ** 2));
  const v = (e: number, q: number): number => e + 3 * q + 1;
  const w = es.map((e) => is.map((i) => (isFirst ? e + i : 2 * e - i)));
  const g = (e: number, z: number): number =>
    isFirst ? z + sum(is.map((i) => at(at(w, e), i) * 2 * (e + i))) : z * at(at(w, e), 1);
  for (let step = 0; step < 3; step++)
    for (const e of es) {
      const slope = is.map((i) => 2 * g(e, 1) * (isFirst ? 2 * (e + i) : i === 1 ? 1 : 0));
      const length = Math.hypot(...slope);
      w[e] = is.map((i) => at(at(w, e), i) - (length === 0 ? 0 : (0.1 * at(slope, i)) / length));
    }
  return [
    es.map((e) => 1 + inner(e) + sum(qs.map((q) => q + many(e + 10 * q)))),
    es.map((e) => 2 * inner(e) + sum(qs.map((q) => e + 10 * q))),
    es.flatMap((e) => is.map((i) => 5 * e + 4 * i)),
    es.flatMap((e) => qs.flatMap((q) => is.map((i) => 3 * (e + 10 * q + i)))),
    [12 + 16 + 24],
    es.map((e) => g(e, 2)),
    w.flat(),
    es.flatMap((e) => qs.map((q) => 2 * q + e + v(e, q) + q + e + v(e, 1))),
    [es.reduce<number>((z, e) => 0.01 * g(e, z), 1)],
  ];
}

const places = spec(
  "fn ask(all_: memory, q) = all_[q].g(1)",
  `axis rate in [10, 20, 40]
  axis low = rate[0 .. 1]
  table[rate] = 2 + position(rate)
  memory K[rate] { param w = rate; fn g(z) = z * rate; fn h(z) = z * w + table[rate] }
  data D[e] { label[q] = mod(q + e, 2) + 2 * div(e, 2); state s[q] = q + 1 }`,
  `evolve go { D.s[e, q] <- D.s[e, q] + e asynchronously over q; for 1 steps }
  measure m {
    turned[rate] = K[cyclic(rate + 1)].w
    part[low] = K[low].g(1)
    table_[low] = K[low].h(1)
    at_ = ask(K, 1)
    shift[rate] = K[rate].w - 10 - (if rate == 40 then 10 else 0)
    label[e] = D[e].label[mod(e, 2)]
    s[e] = D[e].s[0] + 4
  }`,
);

/** Draws whose law depends on what is scanned are made in the iterations. */
const scanned = `experiment e {
  precision f64
  axis k = 3
  axis t = 20
  memory M[k] {
    scan t {
      state S = 0
      u ~ gamma(1 + S, 1)
      v[t] = u
      S <- S * 0.5 + 0.1 * u
    }
    out = S
  }
  measure m { y[k] = M[k].out; z[k] = M[k].v[2] }
}
`;

describe("a component over an axis", () => {
  it("has the axis on every tensor, and draws by it", () => {
    same(short, long, 30);
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s", async (engine) => {
    await agreesWithOracle(short, engine as "graph" | "portable", 1e-9);
  });

  it.each(optimizers)("is trained by %s like as many components", (using) => {
    same(one(using), several(using), 4);
  });

  it("stands inside of others, is chosen, scanned, passed on", () => {
    const found = measured(forms);
    const wanted = [...byHand(true), ...byHand(false)];
    expect(found.length).toBe(wanted.length);
    found.forEach((values, k) => {
      expect(values.length).toBe(at(wanted, k).length);
      values.forEach((value, entry) => {
        expect(value, `result ${k}, entry ${entry}`).toBeCloseTo(at(at(wanted, k), entry), 9);
      });
    });
  });

  it("knows its index by coordinate, by position, along a part, and data may be over axes", () => {
    const found = measured(places).slice(0, 7);
    expect(found).toEqual([[20, 40, 10], [10, 20], [12, 23], [20], [0, 10, 20], [0, 0, 2, 2], [5, 6, 7, 8]]);
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle in all forms on %s", async (engine) => {
    await agreesWithOracle(forms, engine as "graph" | "portable", 1e-9);
    await agreesWithOracle(places, engine as "graph" | "portable", 1e-9);
    await agreesWithOracle(one("muon(lr: 0.1)"), engine as "graph" | "portable", 1e-6);
  });

  it.each(Object.keys(enginesHere()))("has draws of its own in scans on %s", async (engine) => {
    await agreesWithOracle(scanned, engine as "graph" | "portable", 1e-9);
    for (const values of measured(scanned)) expect(new Set(values).size).toBe(3);
  });
});
