/** Points of several sizes in one program: the numbers are those of programs of their own sizes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readNativeRecord } from "../../src/base/native.js";
import { planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const native = readNativeRecord().info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1";
const engines = native ? (["graph", "portable"] as const) : (["portable"] as const);

const specs: Readonly<Record<string, string>> = {
  "errors of stored patterns": `experiment s {
    sweep P in [3, 5, 8, 12, 17, 23, 30, 40]
    sweep seed in 0..2
    axis pattern = P
    axis neuron = 12
    xi[pattern, neuron] ~ rademacher()
    W[neuron, neuron'] = sum(pattern) xi[pattern, neuron] * xi[pattern, neuron']
    h[pattern, neuron] = sum(neuron') W[neuron, neuron'] * xi[pattern, neuron']
    measure out {
      wrong = mean(pattern, neuron) (h[pattern, neuron] * xi[pattern, neuron] < 0)
      each[pattern] = mean(neuron) h[pattern, neuron] / size(pattern)
      field[neuron, pattern] = h[pattern, neuron]
    }
  }`,
  "a trained memory, with embeddings of the sphere and a bias along the padded axis": `use std.optimizers
  experiment s {
    sweep n in [2, 3, 5, 6, 9, 12, 20, 30]
    axis token = n
    axis dim = 4
    let seed = 3
    e[token, dim] ~ on_sphere(dim)
    u[token, dim] ~ normal(0, 1 / sqrt(size(token)))
    order_of[token] ~ permutation(token)
    p[token] = normalize(token) (1 / (1 + position(token)))
    param W[dim, dim'] ~ normal(0, 0.1)
    param b[token] = 1
    score[token, token'] = sum(dim, dim') e[token, dim] * W[dim, dim'] * u[token', dim'] + b[token']
    loss = sum(token) p[token] * cross_entropy(token') score[token, token'] at order_of[token]
    train fit {
      minimize loss over W, b
      using adam(lr: 0.1 / n)
      for 12 steps
      record every 4 {
        loss
        margin = min(token) (score[token, token] - max(token' where token' != token) score[token, token'])
        bias[token] = b[token]
      }
    }
    measure after { weighted[token] = p[token] * b[token]; total = norm(W); best = argmax(token) b[token] }
  }`,
  "normalisers, orders and statistics": `experiment s {
    sweep n in [4, 7, 8, 13]
    axis item = n
    x[item] ~ normal(1, 2)
    measure out {
      soft[item] = softmax(item) (3 * x[item])
      ranks[item] = rank(item) x[item]
      sorted[item] = sort(item) x[item]
      places[item] = position(order(item) x[item])
      sums[item] = cumsum(item) x[item]
      products[item] = cumprod(item) x[item]
      middle = median(item) x[item]
      quarter = quantile(item, 0.25) x[item]
      product = prod(item) x[item]
      spread = std(item) x[item]
      least = argmin(item) x[item]
      many = count(item) (x[item] > 1)
      every = all(item) (x[item] > -9)
      some = any(item) (x[item] > 9)
      share = fraction(item) (x[item] > 1)
      weighted = sum(item, item') x[item] / (1 + position(item'))
      positions = sum(item) position(item)
      logs = logsumexp(item) (2 * x[item])
      lengths = sqrt(sum(item) x[item]^2 / n)
    }
  }`,
  "positions outside and positions that are computed": `experiment s {
    sweep n in [3, 5, 9]
    axis item = n
    x[item] ~ uniform(0, 1)
    pick[item] ~ categorical(item, x[item])
    measure out {
      right[item] = x[cyclic(item + 1)]
      held[item] = x[clamp(item + 2)]
      gone[item] = x[pad(item + 1)]
      picked[item] = x[pick[item]]
      steep[item] = grad(sum(item') (x[clamp(item' + 2)])^2, x)[item]
    }
  }`,
  "derivatives that would be infinite behind the sizes": `experiment s {
    sweep n in [2, 4, 9]
    axis item = n
    x[item] ~ uniform(1, 2)
    param w[item] = 2
    energy = sum(item) (log(w[item] * x[item]) + 1 / (x[item] * w[item]) + prod(item') (w[item'] / x[item']))
    train fit {
      w[item] <- w[item] - 1e-4 * grad(energy, w)[item]
      for 3 steps
      record { energy; w[item] }
    }
    measure out { curved = sum(item, item') hessian(energy, w)[item, item'] }
  }`,
  "states, draws in steps, ends of their own": `experiment s {
    sweep P in [2, 4, 9]
    sweep seed in 0..2
    axis pattern = P
    axis neuron = 10
    xi[pattern, neuron] ~ rademacher()
    state s[pattern, neuron] = xi[pattern, neuron]
    state seen[pattern] = 0
    weight[pattern, pattern'] = softmax(pattern') (sum(neuron) xi[pattern', neuron] * s[pattern, neuron] / 4)
    evolve run {
      draw noise[pattern, neuron] ~ normal(0, 1 / P)
      s[pattern, neuron] <- sign((sum(pattern') weight[pattern, pattern'] * xi[pattern', neuron]) + noise[pattern, neuron], zero: 1)
      seen[pattern] <- seen[pattern] + 1 / P
      stop when sum(pattern) seen[pattern] > 4 + P
      for 9 steps
      record last { overlap[pattern] = mean(neuron) xi[pattern, neuron] * s[pattern, neuron]; seen[pattern] }
    }
  }`,
};

describe.each(engines)("the %s engine", (engine) => {
  test.each(Object.entries(specs))(
    "%s",
    async (_, text) => {
      await agreesWithOracle(text, engine, 2e-5, undefined, true);
    },
    120_000,
  );
});

/** Programs of each phase that serve several sizes, and those that serve one. */
const programs = (text: string): readonly (readonly [shared: number, single: number])[] =>
  planText(text, { padding: true }).phases.map(({ programs: all }) => {
    const shared = all.filter(({ program }) => program.dims.some(({ filled }) => filled !== undefined)).length;
    return [shared, all.length - shared];
  });

const own: Readonly<Record<string, readonly [text: string, programs: ReturnType<typeof programs>]>> = {
  "what is computed of a matrix has its own size, and reads what padded runs left behind": [
    `experiment s {
      sweep n in [3, 5, 6]
      axis item = n
      S0[item, item'] ~ normal(0, 1)
      param S[item, item'] = S0[item, item'] + S0[item', item]
      train fit { S[item, item'] <- 0.5 * S[item, item']; for 2 steps; record { first = max(item, item') S[item, item'] } }
      measure out { values[item] = eigh_values(item, item') S[item, item'] }
    }`,
    [
      [1, 0],
      [0, 3],
    ],
  ],
  "and the other way round": [
    `experiment s {
      sweep n in [3, 5, 6]
      axis item = n
      S0[item, item'] ~ normal(0, 1)
      S[item, item'] = S0[item, item'] + S0[item', item]
      state spectrum[item] = 0
      evolve decompose { spectrum[item] <- eigh_values(item, item') S[item, item']; for 1 steps; record last { top = max(item) spectrum[item] } }
      measure out { total = sum(item) spectrum[item]; half[item] = spectrum[item] / 2 }
    }`,
    [
      [0, 3],
      [1, 0],
    ],
  ],
  "parts, joins and products of a padded axis, and scans along it": [
    `experiment s {
      sweep n in [4, 6]
      axis item = n
      axis few = item[0 .. div(n, 2) - 1]
      axis other = item[div(n, 2) .. n - 1]
      axis pair = item * few
      x[item] ~ normal(0, 1)
      measure out {
        low = sum(few) x[few]
        high[other] = x[other]
        products = sum(item, few) x[item] * x[few]
      }
      scan item { state w = 0; w <- 0.5 * w + x[item] }
      measure along { walk = w }
    }`,
    [
      [0, 2],
      // Written out, it differs from length to length.
      [2, 0],
    ],
  ],
};

describe.each(engines)("sizes of their own in the %s engine", (engine) => {
  test.each(Object.entries(own))(
    "%s",
    async (_, [text, wanted]) => {
      expect(programs(text)).toEqual(wanted);
      await agreesWithOracle(text, engine, 1e-4, undefined, true);
    },
    120_000,
  );
});

describe("which programs there are", () => {
  test("sizes within a factor of sixteen are three programs at most", () => {
    const sizes = Object.values(specs).map((text) => programs(text));
    expect(sizes).toEqual([
      [[3, 0]],
      [
        [2, 0],
        [2, 0],
      ],
      [[2, 0]],
      [[2, 0]],
      [
        [2, 0],
        [2, 0],
      ],
      [[2, 0]],
    ]);
  });

  const loads = (list: string, neurons = 12): string => `experiment s {
    sweep P in [${list}]
    axis pattern = P
    axis neuron = ${neurons}
    xi[pattern, neuron] ~ rademacher()
    W[neuron, neuron'] = sum(pattern) xi[pattern, neuron] * xi[pattern, neuron']
    measure out { wrong = mean(pattern, neuron) ((sum(neuron') W[neuron, neuron'] * xi[pattern, neuron']) * xi[pattern, neuron] < 0) }
  }`;

  test("runs that take long are not padded", () => {
    expect(programs(loads("3, 5, 8"))).toEqual([[1, 0]]);
    expect(programs(loads("3, 5, 8", 2000))).toEqual([[0, 3]]);
  });

  test("a size has the same program whatever stands beside it", () => {
    const keys = (list: string): readonly string[] =>
      planText(loads(list), { padding: true }).phases.flatMap(({ points }) => points.map(({ key }) => key));
    const [three, five, twenty] = keys("3, 5, 20");
    expect(keys("3")).toEqual([three]);
    expect(keys("2, 5")).toContain(five);
    expect(keys("20, 1, 0")).toContain(twenty);
    expect(new Set(keys("3, 5, 20, 4, 1, 0")).size).toBe(6);
  });
});

/** Files of 5, 7 and 3 rows of 2, 3 and 2 numbers, which one program of one padded size could read. */
function writeFiles(folder: string): void {
  const shapes = { small: [5, 2], wide: [7, 3], short: [3, 2] } as const;
  Object.entries(shapes).forEach(([name, [rows, columns]], file) => {
    const x = Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_entry, j) => Math.sin(10 * file + 3 * i + j)),
    );
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ x }));
  });
}

describe("each point reads its own file, whatever sizes share a program", () => {
  const text = `use std.optimizers
  experiment s {
    sweep set in {small, wide, short}
    sweep n in [2, 3]
    axis unit = n
    data raw = dataset.json("{set}.json") { x[sample, feature] = "x" }
    mu[feature] = mean(sample) raw.x[sample, feature]
    y[sample, feature] = raw.x[sample, feature] - mu[feature]
    param W[unit, feature] ~ normal(0, 1)
    loss = mean(sample, unit) (sum(feature) W[unit, feature] * y[sample, feature] - unit)^2
    train fit {
      minimize loss over W
      using gd(lr: 0.1)
      for 5 steps
      record { loss }
    }
    measure m { own[sample, feature] = raw.x[sample, feature]; out[sample, unit] = sum(feature) W[unit, feature] * y[sample, feature] }
  }`;

  test.each(engines)("%s", async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), "amemc-padding-"));
    try {
      writeFiles(folder);
      await agreesWithOracle(text, engine, 2e-5, folder, true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
