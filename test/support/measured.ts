/** The equations of a measure, in the oracle and in the engines: values by name, and where an engine differs. */
import type { Engine } from "../../src/engine/types.js";
import { at } from "../../src/ir/fault.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { blockInputs, difference, runOf } from "./blocks.js";
import { planText, valueOf } from "./oracle-runs.js";
import type { Tolerance } from "../../src/ir/ops/definition.js";

export interface Measured {
  /** By name, of the first point: row-major over the axes. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** By name: of every point. */
  readonly points: Readonly<Record<string, readonly (readonly number[])[]>>;
  /** What an engine computed otherwise, in words. */
  readonly faults: readonly string[];
}

/** A spec with one measure; all its points are one block in each engine. */
export function measured(
  text: string,
  engines: Readonly<Record<string, Engine>>,
  tolerance: Tolerance = { relative: 1e-5, absolute: 1e-5 },
): Measured {
  const plan = planText(text);
  const phase = at(plan.phases, 0);
  const { program } = at(phase.programs, 0);
  const inputs = phase.points.map((point) =>
    program.inputs.map((input) => valueOf(plan, phase, point, program, input, new Map())),
  );
  const expected = inputs.map((given) => evaluateProgram(program, given).outputs);
  const names = phase.results.flatMap(({ name, from }) =>
    from.kind === "output" ? [{ name, entry: from.entry }] : [],
  );
  const varyingInputs = new Set(program.inputs.keys());
  const faults = Object.entries(engines).flatMap(([engine, made]) => {
    const runs = inputs.length;
    const varying = new Set(
      program.nodes.flatMap((node) => (runs > 1 && at(phase.programs, 0).varying.includes(node.id) ? [node.id] : [])),
    );
    const own = new Set(
      [...varyingInputs].filter((k) =>
        program.nodes.some((n) => n.op === "input" && n.attributes.index === k && varying.has(n.id)),
      ),
    );
    const executable = made.prepare({ program, runs, varying, slotsPerCall: 1 });
    const { outputs } = executable.call(
      { arrays: blockInputs(program, inputs, own) },
      { steps: 0, groups: [] },
      null,
      0,
    );
    executable.dispose();
    return names.flatMap(({ name, entry }) =>
      expected.flatMap((values, run) => {
        const found = difference(runOf(at(outputs ?? [], entry), runs, run), at(values, entry), tolerance);
        return found === null ? [] : [`${engine}: ${name}, point ${run}: ${found}`];
      }),
    );
  });
  const points = Object.fromEntries(
    names.map(({ name, entry }) => [name, expected.map((values) => [...at(values, entry)])]),
  );
  return { values: Object.fromEntries(names.map(({ name }) => [name, points[name]?.[0] ?? []])), points, faults };
}

/** By name: what an engine computes at the first point; for programs that are too large for the oracle. */
export function computed(text: string, engine: Engine): Readonly<Record<string, readonly number[]>> {
  const plan = planText(text);
  const phase = at(plan.phases, 0);
  const { program } = at(phase.programs, 0);
  const point = at(phase.points, 0);
  const inputs = [program.inputs.map((input) => valueOf(plan, phase, point, program, input, new Map()))];
  const executable = engine.prepare({ program, runs: 1, varying: new Set(), slotsPerCall: 1 });
  const arrays = blockInputs(program, inputs, new Set());
  const { outputs } = executable.call({ arrays }, { steps: 0, groups: [] }, null, 0);
  executable.dispose();
  return Object.fromEntries(
    phase.results.flatMap(({ name, from }) =>
      from.kind === "output" ? [[name, [...at(outputs ?? [], from.entry)]] as const] : [],
    ),
  );
}
