/** Sequences: phases once for each value, going on with parameters and states; against loops written by hand and the oracle. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import type { Plan } from "../../src/plan/types.js";
import { oracleRuns, outputOf, planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

/** Two targets after each other; what was learned first is forgotten. */
const forgetting = (tasks = "0..3", steps = "3 + mod(task, 2)"): string => `optimizer momentum(lr, beta) for w[..] {
  state m[..] = 0
  m[..] <- beta * m[..] + grad[..]
  w[..] <- w[..] - lr * m[..]
}
experiment e {
  precision f64
  sweep rate in [0.05, 0.1]
  axis goal = 4
  axis i = 3
  c[goal, i] = sin(1 + 3 * goal + i)
  x[goal, i] = cos(2 * goal - i)
  param w[i] = 0.5
  loss[goal] = sum(i) (x[goal, i] * w[i] - c[goal, i])^2
  measure before { start[goal] = loss[goal] }
  sequence task in ${tasks} {
    measure first { untrained = loss[mod(task, 4)] }
    train learn {
      minimize loss[mod(task, 4)] over w
      using momentum(lr: rate, beta: 0.5)
      for ${steps} steps
      record { w }
    }
    measure exam { all_of[goal] = loss[goal] }
  }
  measure after { norm2 = sum(i) w[i]^2 }
}`;

interface Hand {
  readonly untrained: readonly number[];
  readonly exams: readonly (readonly number[])[];
  readonly norm2: number;
}

function byHand(rate: number, tasks: number): Hand {
  const x = (g: number, i: number): number => Math.cos(2 * g - i);
  const c = (g: number, i: number): number => Math.sin(1 + 3 * g + i);
  const axis = [0, 1, 2];
  let w = axis.map(() => 0.5);
  let m = axis.map(() => 0);
  const loss = (g: number): number => axis.reduce((sum, i) => sum + (x(g, i) * at(w, i) - c(g, i)) ** 2, 0);
  const untrained: number[] = [];
  const exams: number[][] = [];
  for (let task = 0; task < tasks; task++) {
    untrained.push(loss(task % 4));
    for (let step = 0; step < 3 + (task % 2); step++) {
      const g = axis.map((i) => 2 * x(task % 4, i) * (x(task % 4, i) * at(w, i) - c(task % 4, i)));
      m = axis.map((i) => 0.5 * at(m, i) + at(g, i));
      w = axis.map((i) => at(w, i) - rate * at(m, i));
    }
    exams.push([0, 1, 2, 3].map(loss));
  }
  return { untrained, exams, norm2: w.reduce((sum, value) => sum + value ** 2, 0) };
}

const phaseOf = (plan: Plan, name: string) => {
  const phase = plan.phases.find((candidate) => candidate.name === name);
  if (phase === undefined) throw new Error(`no ${name}`);
  return phase;
};
const valuesOf = (plan: Plan, phase: string, name: string): readonly number[] =>
  (oracleRuns(plan).get(phase) ?? []).map((point) => at([...outputOf(plan, phase, name, point)], 0));

describe.each(engines)("sequences on %s", (engine) => {
  it("go on with parameters and the optimizer's states, as a loop written by hand does", async () => {
    await runText(forgetting(), engine, (results) => {
      [0.05, 0.1].forEach((rate, k) => {
        const hand = byHand(rate, 4);
        const untrained = results.cells("first", "untrained");
        expect(untrained?.grid.axes.map(({ name }) => name)).toEqual(["rate", "task"]);
        const exam = results.cells("exam", "all_of");
        const norm2 = results.cells("after", "norm2");
        for (let task = 0; task < 4; task++) {
          expect(untrained?.values[k * 4 + task]).toBeCloseTo(at(hand.untrained, task), 10);
          for (let goal = 0; goal < 4; goal++)
            expect(exam?.values[(k * 4 + task) * 4 + goal]).toBeCloseTo(at(at(hand.exams, task), goal), 10);
        }
        expect(norm2?.values[k]).toBeCloseTo(hand.norm2, 10);
      });
    });
  });

  it("agree with the oracle", async () => {
    await agreesWithOracle(forgetting("0..3", "4"), engine, 1e-10);
  });

  it("draw anew in each turn, in batches as well", async () => {
    const text = `use std.optimizers
experiment e {
  sweep seed in 0..1
  axis sample = 9
  z[sample] ~ normal(0, 1)
  param w = 0
  sequence round in 0..2 {
    train fit {
      batch b: sample = 3
      draw u ~ normal(0, 1)
      state first = 0
      first <- if step == 0 then w else first
      minimize mean(b) (w - z[b] - u)^2 over w
      using adam(lr: 0.1)
      for 2 epochs
      record { u, w, chosen = min(b) z[b] }
      record last { first }
    }
    do turn { d[sample] ~ normal(0, 1)
      w <- w + 0.01 * d[0] }
  }
}`;
    await agreesWithOracle(text, engine, 2e-5);
    await runText(text, engine, (results) => {
      const u = results.cells("fit", "u")?.values ?? new Float64Array();
      expect(new Set(u).size).toBe(2 * 3 * 7);
      const chosen = [...(results.cells("fit", "chosen")?.values ?? [])];
      const turns = [0, 1, 2].map((turn) => chosen.slice(7 * turn, 7 * turn + 6).join());
      expect(new Set(turns).size).toBe(3);
    });
  });

  it("nest, over labels, with programs of their own where a shape depends on the turn", async () => {
    const spec = `experiment e {
  state s = 0
  sequence day in 1..2 {
    do wake { s <- s + 100 }
    sequence part in {morning, noon, night} {
      do add { s <- s + (case part { morning: 1, noon: 2, night: 3 }) * (sum(k: 1 .. day + 1) (1 + 0 * k)) }
      measure look { value = s
        twice = 2 * s }
    }
    measure late { value = s }
  }
  measure end { value = s }
}`;
    await agreesWithOracle(spec, engine, 1e-12);
    await runText(spec, engine, (results) => {
      expect(results.cells("look", "value")?.grid.axes.map(({ name }) => name)).toEqual(["day", "part"]);
      expect([...(results.cells("look", "value")?.values ?? [])]).toEqual([102, 106, 112, 215, 221, 230]);
      expect([...(results.cells("late", "value")?.values ?? [])]).toEqual([112, 230]);
      expect([...(results.cells("end", "value")?.values ?? [])]).toEqual([230]);
    });
  });
});

describe("plans of sequences", () => {
  it("have one program for the first turn and one for all others", () => {
    const plan = planText(forgetting("[0, 2, 4, 6, 8]", "3"));
    expect(phaseOf(plan, "learn").programs.length).toBe(2);
    expect(phaseOf(plan, "exam").programs.length).toBe(1);
    expect(phaseOf(plan, "learn").axes).toEqual(["rate", "task"]);
    expect(phaseOf(plan, "after").axes).toEqual(["rate"]);
    expect(phaseOf(plan, "before").axes).toEqual([]);
  });

  it("keep the keys of the turns that were there when turns are appended, and no others", () => {
    const keys = (tasks: string) => {
      const plan = planText(forgetting(tasks));
      return ["first", "learn", "exam"].map((name) => phaseOf(plan, name).points.map(({ key }) => key));
    };
    const [few, many] = [keys("0..1"), keys("0..3")];
    few.forEach((list, k) => expect(at(many, k).slice(0, list.length)).toEqual(list));
    // Before the first training both rates are the same.
    expect(many.map((list) => new Set(list).size)).toEqual([7, 8, 8]);
    const other = keys("[0, 2]");
    expect(at(other, 1).slice(0, 2)).toEqual(at(few, 1).slice(0, 2));
    expect(at(other, 1)[2]).not.toBe(at(few, 1)[2]);
  });

  it("start what a phase declares itself afresh, and leave draws outside as they are", () => {
    const plan = planText(`experiment e {
  x ~ normal(0, 1)
  sequence turn in 0..2 {
    evolve go { state a = 1
      a <- 2 * a + 0 * turn
      for 3 steps }
    measure see { value = go.a
      outer = x }
  }
}`);
    expect(valuesOf(plan, "see", "value")).toEqual([8, 8, 8]);
    expect(new Set(valuesOf(plan, "see", "outer")).size).toBe(1);
  });
});
