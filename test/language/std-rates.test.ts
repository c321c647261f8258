/** The pages `schedules` and `optimizers` against loops that are written here, and the oracle. */
import { describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const engines = ["portable", "graph"] as const;
const range = (n: number): readonly number[] => Array.from({ length: n }, (_, k) => k);

describe("schedules", () => {
  const names = ["up", "line", "line_to", "half_cosine", "power", "stairs", "inverse", "root"] as const;
  const body = `use std.schedules
experiment e {
  precision f64
  evolve run {
    state x = 0
    x <- x + 1
    for 12 steps
    record {
      up = warm_up(step, 4)
      line = linear_decay(step, 8)
      line_to = linear_decay(step, length: 8, to: 0.1)
      half_cosine = cosine_decay(step, 8, to: 0.2)
      power = exponential_decay(step, 0.9)
      stairs = stair_decay(step, 5, 0.1)
      inverse = inverse_decay(step, 4)
      root = root_decay(step, 4)
    }
  }
}
`;
  // torch.optim.lr_scheduler.CosineAnnealingLR(T_max=8, eta_min=0.2) from 1, at updates 0, 2, 4, 6, 8.
  const cosine = [1, 0.2 + 0.8 * (0.5 + Math.SQRT1_2 / 2), 0.6, 0.2 + 0.8 * (0.5 - Math.SQRT1_2 / 2), 0.2];
  const wanted: Readonly<Record<(typeof names)[number], readonly number[]>> = {
    up: [0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    line: [8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0].map((left) => left / 8),
    line_to: [8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0].map((left) => 0.1 + (0.9 * left) / 8),
    half_cosine: range(13).map((t) => (t % 2 === 0 ? at(cosine, Math.min(4, t / 2)) : NaN)),
    power: range(13).map((t) => range(t).reduce((product) => product * 0.9, 1)),
    stairs: [1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01],
    inverse: range(13).map((t) => 4 / (4 + t)),
    root: [0.25, 0.5, 0.75, 1, ...range(9).map((k) => Math.sqrt(4 / (k + 5)))],
  };

  test.each(names)("%s", async (name) => {
    await runText(body, "portable", (results) => {
      const found = results.cells("run", name)?.values ?? [];
      at([wanted[name]], 0).forEach((value, t) => {
        if (!Number.isNaN(value)) expect(found[t]).toBeCloseTo(value, 12);
      });
    });
  });
  test.each(engines)("agree with the oracle on %s", (engine) => agreesWithOracle(body, engine, 1e-6));
});

describe("optimizers", () => {
  const rules = [
    "gd",
    "sgd",
    "nesterov",
    "adam",
    "adamw",
    "rmsprop",
    "sign_descent",
    "normalised_gd",
    "clipped",
    "scheduled",
  ] as const;
  const body = `use std.optimizers
use std.schedules
experiment e {
  precision f64
  sweep rule in {${rules.join(", ")}}
  axis i = 2
  start[i] = [1, -2]
  param w[i] = start[i]
  loss = (w[0] - 0.3)^2 + 3 * (w[1] + 0.7)^2 + w[0] * w[1]
  train fit {
    minimize loss over w
    using case rule {
      gd: gd(lr: 0.05), sgd: sgd(lr: 0.02, momentum: 0.8, decay: 0.1), nesterov: nesterov(lr: 0.01),
      adam: adam(lr: 0.05, beta1: 0.8), adamw: adamw(lr: 0.05, decay: 0.1), rmsprop: rmsprop(lr: 0.02),
      sign_descent: sign_descent(lr: 0.03), normalised_gd: normalised_gd(lr: 0.07),
      clipped: clip_norm(0.5) | gd(lr: 0.1), scheduled: gd(lr: 0.1 * warm_up(step, 5) * cosine_decay(step, 20))
    }
    for 20 steps
    record { w }
  }
}
`;
  type Vector = readonly number[];
  const gradient = ([a = 0, b = 0]: Vector): Vector => [2 * (a - 0.3) + b, 6 * (b + 0.7) + a];
  /** The step that is taken off, for the gradient g at w before update number t + 1. */
  type Rule = (g: Vector, w: Vector, t: number) => Vector;
  const means = (beta: number, power: number): ((g: Vector) => Vector) => {
    let kept: Vector = [0, 0];
    return (g) => (kept = kept.map((m, k) => beta * m + (1 - beta) * at(g, k) ** power));
  };
  const adam = (beta1: number): Rule => {
    const [first, second] = [means(beta1, 1), means(0.999, 2)];
    return (g, _, t) => {
      const [m, v] = [first(g), second(g)];
      return m.map(
        (x, k) => (0.05 * x) / (1 - beta1 ** (t + 1)) / (Math.sqrt(at(v, k) / (1 - 0.999 ** (t + 1))) + 1e-8),
      );
    };
  };
  const momentum = (beta: number): ((g: Vector) => Vector) => {
    let m: Vector = [0, 0];
    return (g) => (m = m.map((x, k) => beta * x + at(g, k)));
  };
  function made(rule: (typeof rules)[number]): Rule {
    const length = (g: Vector): number => Math.hypot(...g);
    const scaled = (g: Vector, factor: number): Vector => g.map((x) => factor * x);
    switch (rule) {
      case "gd":
        return (g) => scaled(g, 0.05);
      case "sgd": {
        const m = momentum(0.8);
        return (g, w) => scaled(m(g.map((x, k) => x + 0.1 * at(w, k))), 0.02);
      }
      case "nesterov": {
        const m = momentum(0.9);
        return (g) => m(g).map((x, k) => 0.01 * (at(g, k) + 0.9 * x));
      }
      case "adam":
        return adam(0.8);
      case "adamw": {
        const plain = adam(0.9);
        return (g, w, t) => plain(g, w, t).map((x, k) => x + 0.05 * 0.1 * at(w, k));
      }
      case "rmsprop": {
        const v = means(0.99, 2);
        return (g) => v(g).map((x, k) => (0.02 * at(g, k)) / (Math.sqrt(x) + 1e-8));
      }
      case "sign_descent":
        return (g) => g.map((x) => 0.03 * Math.sign(x));
      case "normalised_gd":
        return (g) => scaled(g, 0.07 / length(g));
      case "clipped":
        return (g) => scaled(g, 0.1 * Math.min(1, 0.5 / length(g)));
      case "scheduled":
        return (g, _, t) => scaled(g, (0.1 * Math.min(1, (t + 1) / 5) * (1 + Math.cos((Math.PI * t) / 20))) / 2);
    }
  }

  test("go the way of loops written by hand", async () => {
    await runText(body, "portable", (results) => {
      const found = results.cells("fit", "w")?.values ?? [];
      rules.forEach((name, number) => {
        const rule = made(name);
        let w: Vector = [1, -2];
        for (let t = 0; t <= 20; t++) {
          w.forEach((value, k) => {
            expect(found[(number * 21 + t) * 2 + k], `${name} after ${t} updates`).toBeCloseTo(value, 10);
          });
          const step = rule(gradient(w), w, t);
          w = w.map((x, k) => x - at(step, k));
        }
      });
    });
  });
  test.each(engines)("agree with the oracle on %s", (engine) => agreesWithOracle(body, engine, 1e-6), 120_000);
});
