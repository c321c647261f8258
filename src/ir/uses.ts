/** What a program computes, what that needs, and what changes from step to step. */
import { at } from "./fault.js";
import { dependentsThroughLoops } from "./regions.js";
import type { Program, ValueId } from "./types.js";

/** All values that a program must compute. */
export function rootsOf({ loop, outputs, checks }: Program): ValueId[] {
  return [
    ...outputs.map(({ value }) => value),
    ...checks.map(({ condition }) => condition),
    ...(loop?.carried.flatMap(({ init, next }) => [init, next]) ?? []),
    ...[loop?.stop ?? null].filter((stop) => stop !== null),
    ...(loop?.groups.flatMap(({ entries }) => entries.map(({ value }) => value)) ?? []),
  ];
}

/** The values that some roots need, themselves included. */
export function neededBy(program: Program, roots: readonly ValueId[]): Set<ValueId> {
  const needed = new Set<ValueId>();
  const open = [...roots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    open.push(...at(program.nodes, id).operands);
  }
  return needed;
}

/** The values that may change from step to step. */
export function changingValues(program: Program): Set<ValueId> {
  return dependentsThroughLoops(program.nodes, ({ op }) => op === "carried" || op === "step");
}
