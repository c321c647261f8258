/** The pages `patterns` and `bigrams`: moments and exact values against loops and closed forms that are written here. */
import { afterAll, describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { testFolder } from "../datasets/support.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const folder = testFolder();
afterAll(() => folder.remove());
folder.write("small.txt", "abracadabra");

/** Runs on the portable engine; all results of the phase `m` by their names. */
async function measured(body: string): Promise<(name: string) => readonly number[]> {
  const cells = new Map<string, readonly number[]>();
  await runText(
    `use std.patterns\nuse std.bigrams\nexperiment e {\n${body}\n}\n`,
    "portable",
    (results, plan) => {
      for (const { name } of plan.phases.find((phase) => phase.name === "m")?.results ?? [])
        cells.set(name, [...(results.cells("m", name)?.values ?? [])]);
    },
    folder.path,
  );
  return (name) => cells.get(name) ?? [];
}
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
/** Within 3.5 standard errors of a mean of `n` values with this variance. */
const near = (found: number, expected: number, variance: number, n: number): void => {
  expect(Math.abs(found - expected)).toBeLessThan(3.5 * Math.sqrt(variance / n));
};

describe("patterns", () => {
  const [patterns, neurons] = [40, 500];
  const axes = `axis pattern = ${patterns}\naxis neuron = ${neurons}\n`;

  test("have the bias and the activity that are asked for", async () => {
    const of = await measured(`${axes}
      data b = biased(pattern, neuron, bias: -0.4)
      data s = sparse(pattern, neuron, activity: 0.1)
      measure m { x[pattern, neuron] = b.xi[pattern, neuron]; y[pattern, neuron] = s.xi[pattern, neuron] }`);
    expect(new Set(of("x"))).toEqual(new Set([-1, 1]));
    near(mean(of("x")), -0.4, 1 - 0.16, patterns * neurons);
    expect(new Set(of("y"))).toEqual(new Set([0, 1]));
    near(mean(of("y")), 0.1, 0.09, patterns * neurons);
  });

  test("of a family overlap by the square of their likeness, along a chain by its powers", async () => {
    const of = await measured(
      `${axes}axis member = 2
      data f = families(pattern, member, neuron, likeness: 0.6)
      data c = chain(pattern, neuron, correlation: 0.5)
      measure m {
        parent[pattern, neuron] = f.parent[pattern, neuron]
        x[member, pattern, neuron] = f.xi[pattern, member, neuron]
        c[pattern, neuron] = c.xi[pattern, neuron]
      }`.replace("c[pattern, neuron] = c.xi", "chained[pattern, neuron] = c.xi"),
    );
    const n = patterns * neurons;
    const [first, second] = [of("x").slice(0, n), of("x").slice(n)];
    near(mean(first.map((x, k) => x * at(second, k))), 0.36, 1 - 0.36 ** 2, n);
    near(mean(first.map((x, k) => x * at(of("parent"), k))), 0.6, 1 - 0.36, n);
    near(mean(first.slice(neurons).map((x, k) => x * at(second, k))), 0, 1, n - neurons);
    const chained = of("chained");
    near(mean(chained.map((x) => x * x)), 1, 2 * 1.7, n);
    for (const lag of [1, 2, 3]) {
      const products = chained.slice(lag * neurons).map((x, k) => x * at(chained, k));
      // Neighbours along the chain share their noise, which widens the spread of such a mean.
      near(mean(products), 0.5 ** lag, 3, n - lag * neurons);
    }
  });

  test("are corrupted in just so many entries, nested in the share", async () => {
    const of = await measured(
      `${axes}sweep share in [0.1, 0.33]
      data b = biased(pattern, neuron)
      data q = flipped(pattern, neuron, b.xi, share)
      data r = flipped_at_random(pattern, neuron, b.xi, share)
      data h = masked(pattern, neuron, b.xi, share, fill: 7)
      data n = noisy(pattern, neuron, b.xi, sd: share)
      measure m {
        x[pattern, neuron] = b.xi[pattern, neuron] + 0 * share
        q[pattern, neuron] = q.cue[pattern, neuron]
        r[pattern, neuron] = r.cue[pattern, neuron]
        h[pattern, neuron] = h.cue[pattern, neuron]
        n[pattern, neuron] = n.cue[pattern, neuron]
      }`.replaceAll(/^( {8})([qrhn])\[/gmu, "$1$2$2["),
    );
    const size = patterns * neurons;
    const wrong: boolean[][] = [];
    [0.1, 0.33].forEach((share, s) => {
      const cut = (name: string): readonly number[] => of(name).slice(s * size, (s + 1) * size);
      const x = cut("x");
      wrong.push(cut("qq").map((cue, k) => cue !== at(x, k)));
      const flips = Math.round(share * neurons);
      for (let row = 0; row < patterns; row++) {
        const line = at(wrong, s).slice(row * neurons, (row + 1) * neurons);
        expect(line.filter(Boolean)).toHaveLength(flips);
        expect(
          cut("hh")
            .slice(row * neurons, (row + 1) * neurons)
            .filter((cue) => cue === 7),
        ).toHaveLength(flips);
      }
      expect(cut("hh").every((cue, k) => cue === 7 || cue === at(x, k))).toBe(true);
      near(mean(cut("rr").map((cue, k) => Number(cue !== at(x, k)))), share, share * (1 - share), size);
      const noise = cut("nn").map((cue, k) => (cue - at(x, k)) / share);
      near(mean(noise), 0, 1, size);
      near(mean(noise.map((z) => z * z)), 1, 2, size);
    });
    expect(at(wrong, 0).every((isWrong, k) => !isWrong || at(at(wrong, 1), k))).toBe(true);
  });
});

describe("bigrams", () => {
  const [tokens, seqs, length] = [6, 400, 30];
  const body = `axis token = ${tokens}\naxis seq = ${seqs}\naxis pos = ${length}
    data c = dirichlet(token, exponent: 0.8, concentration: 0.5, triggers: 2)
    data s = sequences(seq, pos, token, c)
    measure m {
      unigram[token] = c.unigram[token]
      bigram[token, token'] = c.bigram[token, token']
      trigger[token] = c.trigger[token]
      output[seq, token] = s.output[seq, token]
      u[seq, pos] = s.u[seq, pos]
      x[seq, pos] = s.x[seq, pos]
      known[seq, pos] = s.known[seq, pos]
    }`;

  test("sequences follow the rows, and triggers their outputs: the same as a loop written by hand", async () => {
    const of = await measured(body);
    const [unigram, bigram, trigger, output] = ["unigram", "bigram", "trigger", "output"].map(of);
    const zipf = Array.from({ length: tokens }, (_, k) => (k + 1) ** -0.8);
    zipf.forEach((weight, k) => {
      expect(at(unigram ?? [], k)).toBeCloseTo(weight / (mean(zipf) * tokens), 6);
    });
    expect(trigger).toEqual([1, 1, 0, 0, 0, 0]);
    const row = (k: number): readonly number[] => (bigram ?? []).slice(k * tokens, (k + 1) * tokens);
    for (let k = 0; k < tokens; k++) expect(mean(row(k)) * tokens).toBeCloseTo(1, 5);
    const search = (chances: readonly number[], u: number): number => {
      let reached = 0;
      for (const [k, chance] of chances.entries()) {
        reached += chance;
        // Sums are rounded elsewhere: such near misses are left open.
        if (Math.abs(reached - u) < 1e-6) return -1;
        if (u < reached) return k;
      }
      return -1;
    };
    let open = 0;
    for (let s = 0; s < seqs; s++) {
      const seen = new Set<number>();
      for (let p = 0; p < length; p++) {
        const now = at(of("x"), s * length + p);
        const before = at(of("x"), s * length + p - 1 < 0 ? 0 : s * length + p - 1);
        const isForced = p > 0 && at(trigger ?? [], before) === 1;
        const wanted = isForced
          ? at(output ?? [], s * tokens + before)
          : search(p === 0 ? (unigram ?? []) : row(before), at(of("u"), s * length + p));
        if (wanted < 0) open++;
        else expect(now).toBe(wanted);
        expect(at(of("known"), s * length + p)).toBe(Number(at(trigger ?? [], now) === 1 && seen.has(now)));
        seen.add(now);
      }
    }
    expect(open).toBeLessThan(5);
  });

  test("rows have the mean that is asked for", async () => {
    const of = await measured(`axis token = 60
      data c = dirichlet(token, exponent: 0, concentration: 2)
      measure m { first = mean(token) c.bigram[token, 0]; square = mean(token, token') c.bigram[token, token']^2 }`);
    // Dirichlet with all parameters a = 2.001: mean 1/60, mean square a (a + 1) / (A (A + 1)) with A = 60 a.
    const [a, all] = [2.001, 60 * 2.001];
    near(at(of("first"), 0), 1 / 60, ((1 / 60) * (59 / 60)) / (all + 1), 60);
    expect(at(of("square"), 0) / ((a * (a + 1)) / (all * (all + 1)))).toBeCloseTo(1, 1);
  });

  test("of a text are its counts", async () => {
    const of = await measured(`
      data t = dataset.text("small.txt", doc, time, token, unit: "character")
      data c = counted(doc, time, token, t.symbol, t.length, triggers: 1)
      measure m { unigram[token] = c.unigram[token]; bigram[token, token'] = c.bigram[token, token']; trigger[token] = c.trigger[token] }`);
    // abracadabra: a 5, b 2, c 1, d 1, r 2; after a: b twice, c, d; the last a has nothing behind it.
    expect(of("unigram").map((x) => Math.round(x * 11))).toEqual([5, 2, 1, 1, 2]);
    expect(of("bigram").slice(0, 5)).toEqual([0, 0.5, 0.25, 0.25, 0]);
    expect(of("bigram").slice(5, 10)).toEqual([0, 0, 0, 0, 1]);
    expect(of("trigger")).toEqual([1, 0, 0, 0, 0]);
  });

  test.each(["portable", "graph"] as const)("agree with the oracle on %s", async (engine) => {
    const small = body.replace(`seq = ${seqs}`, "seq = 20").replace(`pos = ${length}`, "pos = 8");
    await agreesWithOracle(`use std.bigrams\nexperiment e {\nsweep seed in 0..1\n${small}\n}`, engine, 1e-5);
    const q = `axis pattern = 3\naxis neuron = 20\nsweep share in [0.1, 0.4]\ndata c = chain(pattern, neuron)\ndata q = flipped(pattern, neuron, c.xi, share)\nmeasure m { x[pattern, neuron] = q.cue[pattern, neuron] }`;
    await agreesWithOracle(`use std.patterns\nexperiment e {\n${q}\n}`, engine, 1e-5);
  });
});
