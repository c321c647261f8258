/** Whole specs on an engine, each point for itself, against the oracle. */
import type { Engine } from "../../src/engine/types.js";
import { at } from "../../src/ir/fault.js";
import type { Tolerance } from "../../src/ir/ops/definition.js";
import type { Plan } from "../../src/plan/types.js";
import { difference, numbersOf } from "./blocks.js";
import type { OraclePoint } from "./oracle-runs.js";

/** Where an engine's outputs, records and final values differ from those of the oracle, in words. */
export function specFaults(
  engine: Engine,
  plan: Plan,
  expected: ReadonlyMap<string, readonly OraclePoint[]>,
  tolerance: Tolerance,
): readonly string[] {
  return plan.phases.flatMap((phase) =>
    phase.programs.flatMap(({ program, steps, groups }, number) => {
      const executable = engine.prepare({ program, varying: new Set(), runs: 1, slotsPerCall: 100 });
      const found: string[] = [];
      phase.points.forEach((point, k) => {
        if (point.program !== number) return;
        const { result, inputs } = at(expected.get(phase.name) ?? [], k);
        const arrays = program.inputs.map((input, i) => numbersOf(input.type.dtype, at(inputs, i)));
        const call = executable.call({ arrays }, { steps, groups }, null, steps);
        const compare = (what: string, actual: ArrayLike<number> | undefined, wanted: Float64Array): void => {
          const fault = actual === undefined ? "missing" : difference(actual, wanted, tolerance);
          if (fault !== null) found.push(`${phase.name} point ${k} ${what}: ${fault}`);
        };
        if (program.loop === null)
          program.outputs.forEach(({ name }, o) => compare(name, call.outputs?.[o], at(result.outputs, o)));
        result.carried.forEach((value, c) => compare(`carried ${c}`, call.state.carried[c], value));
        if (at(call.state.failed, 0) !== result.failed) found.push(`${phase.name} point ${k} fails differently`);
        result.groups.forEach((group, g) =>
          group.entries.forEach((slots, e) => {
            const recorded = call.recorded.groups[g];
            const array = recorded?.entries[e];
            const size = array === undefined || recorded === undefined ? 0 : array.length / Math.max(1, recorded.count);
            for (let slot = 0; slot < group.taken; slot++)
              compare(
                `record ${g}.${e} slot ${slot}`,
                array?.subarray(slot * size, (slot + 1) * size),
                at(slots, slot),
              );
          }),
        );
      });
      executable.dispose();
      return found;
    }),
  );
}
