/** The pages `hopfield`, `linear`, `retrieval`: against loops and closed forms that are written here, and the oracle. */
import { describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const engines = ["portable", "graph"] as const;
const spec = (body: string): string =>
  `use std.hopfield\nuse std.linear\nuse std.retrieval\nuse std.patterns\nuse std.optimizers\nexperiment e {\n${body}\n}\n`;

/** Runs on the portable engine; a result by `phase.name`. */
async function resultsOf(body: string): Promise<(path: string) => readonly number[]> {
  const found = new Map<string, readonly number[]>();
  await runText(spec(body), "portable", (results, plan) => {
    for (const phase of plan.phases)
      for (const { name } of phase.results)
        found.set(`${phase.name}.${name}`, [...(results.cells(phase.name, name)?.values ?? [])]);
  });
  return (path) => {
    const values = found.get(path);
    if (values === undefined) throw new Error(`no result ${path}`);
    return values;
  };
}

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, k) => k);
const sum = (values: readonly number[]): number => values.reduce((all, x) => all + x, 0);
const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((x, k) => x * at(b, k)));
const rowsOf = (values: readonly number[], length: number): readonly (readonly number[])[] =>
  range(values.length / length).map((k) => values.slice(k * length, (k + 1) * length));
function near(found: readonly number[], wanted: readonly number[], tolerance = 1e-5): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, k) => {
    const expected = at(wanted, k);
    expect(Math.abs(value - expected), `entry ${k}: ${value}, not ${expected}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected)),
    );
  });
}

describe("networks of signs", () => {
  const [P, N] = [5, 30];
  const body = `axis pattern = ${P}\naxis neuron = ${N}\nsweep seed in 0..1
    memory H = hopfield(pattern, neuron)
    memory S = hopfield(pattern, neuron, self: 1, xi[pattern, neuron] = H.xi[pattern, neuron])
    memory I = hopfield(pattern, neuron, rule[neuron, neuron'] = pseudo_inverse(I.xi)[neuron, neuron'])
    memory D = dense(pattern, neuron, n: 3)
    memory B = dense(pattern, neuron, fn F(z) = z^4)
    data q = flipped(pattern, neuron, H.xi, 0.2)
    data r = flipped(pattern, neuron, D.xi, 0.2)
    measure m {
      h[pattern, neuron] = H.xi[pattern, neuron]
      d[pattern, neuron] = D.xi[pattern, neuron]
      b[pattern, neuron] = B.xi[pattern, neuron]
      cue[pattern, neuron] = q.cue[pattern, neuron]
      cue_d[pattern, neuron] = r.cue[pattern, neuron]
      field[pattern, neuron] = H.field(q.cue[pattern, :])[neuron]
      own[pattern, neuron] = S.field(H.xi[pattern, :])[neuron] - H.field(H.xi[pattern, :])[neuron]
      energy[pattern] = H.energy(q.cue[pattern, :])
      kept[pattern, neuron] = (sum(neuron') I.rule[neuron, neuron'] * I.xi[pattern, neuron']) - size(neuron) * I.xi[pattern, neuron]
      dense_energy[pattern] = D.energy(r.cue[pattern, :])
      gap[pattern, neuron] = D.gap(r.cue[pattern, :])[neuron]
      gap4[pattern, neuron] = B.gap(B.xi[pattern, :])[neuron]
    }
    evolve all_h = synchronous(pattern, neuron, H, q.cue, limit: 3) { record { s } }
    evolve all_d = synchronous(pattern, neuron, D, r.cue, limit: 3) { record { s } }
    evolve all_i = synchronous(pattern, neuron, I, q.cue, limit: 2) { record { s } }
    evolve all_b = synchronous(pattern, neuron, B, r.cue, limit: 2) { record { s } }
    evolve one_h = asynchronous(pattern, neuron, H, q.cue) { record { s, energy[pattern] = H.energy(s[pattern, :]) } }
    evolve one_d = asynchronous(pattern, neuron, D, r.cue) { record { s, energy[pattern] = D.energy(s[pattern, :]) } }`;
  const one = body.replace("sweep seed in 0..1\n", "");

  const weights = (xi: readonly (readonly number[])[]): readonly (readonly number[])[] =>
    range(N).map((i) => range(N).map((j) => (i === j ? 0 : sum(xi.map((row) => at(row, i) * at(row, j))))));
  const fields = (xi: readonly (readonly number[])[], s: readonly number[]): readonly number[] =>
    weights(xi).map((row) => dot(row, s));
  /** The energy of -1 less that of +1, from the energy's definition alone. */
  function gaps(xi: readonly (readonly number[])[], s: readonly number[], F: (z: number) => number): readonly number[] {
    const energy = (t: readonly number[]): number => -sum(xi.map((row) => F(dot(row, t))));
    return range(N).map(
      (i) => energy(s.map((x, k) => (k === i ? -1 : x))) - energy(s.map((x, k) => (k === i ? 1 : x))),
    );
  }
  const cubed = (z: number): number => Math.max(0, z) ** 3;
  const signs = (gap: readonly number[], s: readonly number[]): readonly number[] =>
    gap.map((g, k) => (g === 0 ? at(s, k) : Math.sign(g)));

  test("have the fields, energies and gaps of their definitions", async () => {
    const of = await resultsOf(one);
    const [h, d, b] = ["m.h", "m.d", "m.b"].map((name) => rowsOf(of(name), N));
    const [cues, cuesD] = ["m.cue", "m.cue_d"].map((name) => rowsOf(of(name), N));
    if (!h || !d || !b || !cues || !cuesD) throw new Error("no patterns");
    near(
      of("m.field"),
      cues.flatMap((s) => fields(h, s)),
    );
    near(
      of("m.energy"),
      cues.map((s) => -dot(s, fields(h, s)) / (2 * N)),
    );
    near(
      of("m.kept"),
      range(P * N).map(() => 0),
      1e-3,
    );
    near(
      of("m.dense_energy"),
      cuesD.map((s) => -sum(d.map((row) => cubed(dot(row, s))))),
    );
    near(
      of("m.gap"),
      cuesD.flatMap((s) => gaps(d, s, cubed)),
    );
    near(
      of("m.gap4"),
      b.flatMap((s) => gaps(b, s, (z) => z ** 4)),
      1e-4,
    );
    expect(of("m.own")).toEqual(h.flat().map((x) => P * x));
  });

  test("update all neurons at once as a loop written by hand", async () => {
    const of = await resultsOf(one);
    const walk = (start: readonly (readonly number[])[], step: (s: readonly number[]) => readonly number[]): number[] =>
      range(4).reduce<{ now: readonly (readonly number[])[]; all: number[] }>(
        ({ now, all }) => ({ now: now.map(step), all: [...all, ...now.flat()] }),
        { now: start, all: [] },
      ).all;
    const [h, d] = [rowsOf(of("m.h"), N), rowsOf(of("m.d"), N)];
    expect(of("all_h.s")).toEqual(walk(rowsOf(of("m.cue"), N), (s) => signs(fields(h, s), s)));
    expect(of("all_d.s")).toEqual(walk(rowsOf(of("m.cue_d"), N), (s) => signs(gaps(d, s, cubed), s)));
  });

  test("rest, neuron by neuron, where no flip lowers the energy, which never rose", async () => {
    const of = await resultsOf(one);
    const [h, d] = [rowsOf(of("m.h"), N), rowsOf(of("m.d"), N)];
    expect([...of("one_h.stopped"), ...of("one_d.stopped")]).toEqual(range(2 * P).map(() => 1));
    const last = (name: string): readonly (readonly number[])[] => rowsOf(of(name), N).slice(-P);
    for (const s of last("one_h.s")) expect(signs(fields(h, s), s)).toEqual(s);
    for (const s of last("one_d.s")) expect(signs(gaps(d, s, cubed), s)).toEqual(s);
    for (const name of ["one_h.energy", "one_d.energy"]) {
      const steps = rowsOf(of(name), P);
      expect(at(steps, 1)).not.toEqual(at(steps, 0));
      steps.slice(1).forEach((energies, t) => {
        energies.forEach((energy, q) => {
          expect(energy).toBeLessThanOrEqual(at(at(steps, t), q));
        });
      });
    }
  });

  // Half of the lines at a time, and fewer neurons: TensorFlow compiles a program for each phase.
  const halves = ["H", "D"].map((kept) => {
    const left = kept === "H" ? /\b[DB]\b|\br\.cue|m \{$/u : /\b[HSI]\b|\bq\.cue|m \{$/u;
    const lines = body.split("\n").filter((line) => !left.test(line) && !/^ {4}\}$/u.test(line));
    return [kept, lines.filter((line) => !/^ {6}/u.test(line)).join("\n")] as const;
  });
  test.each(engines.flatMap((engine) => halves.map(([kept, lines]) => [kept, engine, lines] as const)))(
    "%s agrees with the oracle on %s",
    (_, engine, lines) => agreesWithOracle(spec(lines.replace(`neuron = ${N}`, "neuron = 16")), engine, 1e-5),
    120_000,
  );
});

describe("the modern network", () => {
  const [P, N, beta] = [4, 6, 0.7];
  const body = `axis pattern = ${P}\naxis dim = ${N}\naxis single = 1\nsweep seed in 0..1
    memory M = modern(pattern, dim, beta: ${beta})
    memory O = modern(single, dim, beta: ${beta})
    data n = noisy(pattern, dim, M.xi, 0.5)
    start[single, dim] = O.xi[single, dim] + dim + 1
    measure m {
      x[pattern, dim] = M.xi[pattern, dim]
      q[pattern, dim] = n.cue[pattern, dim]
      found[pattern, dim] = M.update(n.cue[pattern, :])[dim]
      energy[pattern] = M.energy(n.cue[pattern, :])
    }
    evolve fall = descent(single, dim, O, start, rate: 0.25, limit: 10) { record { left[single, dim] = s[single, dim] - O.xi[single, dim] } }
    evolve down = descent(pattern, dim, M, n.cue, tol: 1e-3) { record { energy[pattern] = M.energy(s[pattern, :]) } }`;

  test("updates by attention, has the energy of its definition, and falls along its gradient", async () => {
    const of = await resultsOf(body.replace("sweep seed in 0..1\n", ""));
    const [x, q] = [rowsOf(of("m.x"), N), rowsOf(of("m.q"), N)];
    near(
      x.map((row) => Math.sqrt(dot(row, row))),
      range(P).map(() => Math.sqrt(N)),
    );
    const weights = q.map((query) => x.map((row) => Math.exp(beta * dot(row, query))));
    near(
      of("m.found"),
      q.flatMap((_, k) =>
        range(N).map((i) => sum(x.map((row, p) => at(at(weights, k), p) * at(row, i))) / sum(at(weights, k))),
      ),
    );
    near(
      of("m.energy"),
      q.map((query, k) => dot(query, query) / 2 - Math.log(sum(at(weights, k))) / beta + Math.log(P) / beta + N / 2),
    );
    // With one pattern the energy is |s - x|^2 / 2: what is left shrinks by 1 - rate.
    near(
      of("fall.left"),
      range(11).flatMap((t) => range(N).map((i) => (i + 1) * 0.75 ** t)),
    );
    expect(of("down.stopped")).toEqual(range(P).map(() => 1));
    const steps = rowsOf(of("down.energy"), P);
    steps.slice(1).forEach((energies, t) => {
      energies.forEach((energy, p) => {
        expect(energy).toBeLessThanOrEqual(at(at(steps, t), p) + 1e-5);
      });
    });
  });

  test.each(engines)("agrees with the oracle on %s", (engine) =>
    agreesWithOracle(spec(body.replace("tol: 1e-3", "tol: 0, limit: 20")), engine, 2e-5),
  );
});

describe("trained memories", () => {
  const [T, C, D, H] = [4, 3, 5, 7];
  const body = `axis token = ${T}\naxis class = ${C}\naxis dim = ${D}\naxis hidden = ${H}\nsweep seed in 0..1
    memory L = linear_normed(token, class, dim)
    memory E = learnable(token, class, dim)
    memory W = two_layer(token, class, dim, hidden)
    measure m {
      e[token, dim] = L.e[token, dim]
      u[class, dim] = L.u[class, dim]
      w[dim, dim'] = L.W[dim, dim']
      normed[token, class] = L.score[token, class]
      ee[token, dim] = E.e[token, dim]
      eu[class, dim] = E.u[class, dim]
      ew[dim, dim'] = E.W[dim, dim']
      learnt[token, class] = E.score[token, class]
      le[token, dim] = W.e[token, dim]
      lu[class, dim] = W.u[class, dim]
      lw[hidden, dim] = W.W[hidden, dim]
      lv[hidden, dim] = W.V[hidden, dim]
      layers[token, class] = W.score[token, class]
    }
    loss_l = mean(token) cross_entropy(class) L.score[token, class] at mod(token, size(class))
    loss_e = mean(token) cross_entropy(class) E.score[token, class] at mod(token, size(class))
    loss_w = mean(token) cross_entropy(class) W.score[token, class] at mod(token, size(class))
    train a { minimize loss_l over L; using gd(lr: 1); for 10 steps; record { loss_l, L.W } }
    train b { minimize loss_e over E; using gd(lr: 1); for 10 steps; record { loss_e, E.u } }
    train c { minimize loss_w over W; using gd(lr: 0.5); for 10 steps; record { loss_w, W.V } }`;

  test("score as loops written by hand, and learn", async () => {
    const of = await resultsOf(body.replace("sweep seed in 0..1\n", ""));
    const rows = (name: string, length = D): readonly (readonly number[])[] => rowsOf(of(`m.${name}`), length);
    const through = (e: readonly number[], w: readonly (readonly number[])[]): readonly number[] =>
      range(D).map((j) => sum(e.map((x, i) => x * at(at(w, i), j))));
    const normed = (h: readonly number[]): readonly number[] => {
      const mean = sum(h) / D;
      const variance = sum(h.map((x) => (x - mean) ** 2)) / D;
      return h.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
    };
    const scores = (h: readonly (readonly number[])[], u: readonly (readonly number[])[]): readonly number[] =>
      h.flatMap((row) => u.map((out) => dot(row, out)));
    near(
      of("m.normed"),
      scores(
        rows("e").map((e) => normed(through(e, rows("w")))),
        rows("u"),
      ),
    );
    near(
      of("m.learnt"),
      scores(
        rows("ee").map((e) => through(e, rows("ew"))),
        rows("eu"),
      ),
    );
    const hidden = rows("le").map((e) => rows("lw").map((w) => Math.max(0, dot(w, e))));
    near(
      of("m.layers"),
      scores(
        hidden.map((h) => range(D).map((j) => sum(h.map((x, k) => x * at(at(rows("lv"), k), j))))),
        rows("lu"),
      ),
    );
    for (const loss of ["a.loss_l", "b.loss_e", "c.loss_w"])
      expect(at(of(loss), 10)).toBeLessThan(0.8 * at(of(loss), 0));
  });

  test.each(engines)("agree with the oracle on %s", (engine) => agreesWithOracle(spec(body), engine, 5e-5));
});
