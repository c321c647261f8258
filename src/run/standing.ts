/** Where the points of a plan stand before a run: what is there, what is there under another key, what is to be computed. */
import type { BlockPlan, PhasePlan, Plan, ProgramPlan } from "../plan/types.js";
import type { Store } from "../results/store/store.js";
import { workOf } from "./block-job.js";
import { updatesThere } from "./go-on.js";
import { reusablePoints } from "./reuse.js";

export interface PhaseStanding {
  readonly phase: PhasePlan;
  readonly blocks: readonly BlockStanding[];
}

/** A block with what its points need. */
export interface BlockStanding {
  readonly program: ProgramPlan;
  readonly block: BlockPlan;
  /** Numbers of points of the phase. */
  readonly done: readonly number[];
  /** There from an earlier plan: they get their new keys, nothing is computed. */
  readonly reusable: readonly number[];
  readonly missing: readonly number[];
  /** Where missing points start: updates that an earlier plan has done; 0 for a new start. */
  readonly from: number;
}

export function standingOf(plan: Plan, store: Store, engineTag: string): readonly PhaseStanding[] {
  return plan.phases.map((phase) => {
    const reusable = reusablePoints(phase, store);
    const blocks = phase.programs.flatMap((program) =>
      program.blocks.map((block) => blockStanding(phase, program, block, reusable, { store, engineTag })),
    );
    return { phase, blocks };
  });
}

function blockStanding(
  phase: PhasePlan,
  program: ProgramPlan,
  block: BlockPlan,
  reusable: ReadonlySet<number>,
  context: { readonly store: Store; readonly engineTag: string },
): BlockStanding {
  const isDone = (number: number): boolean => context.store.find(phase.points[number]?.key ?? "") !== undefined;
  const missing = block.points.filter((number) => !isDone(number) && !reusable.has(number));
  return {
    program,
    block,
    done: block.points.filter(isDone),
    reusable: block.points.filter((number) => reusable.has(number)),
    missing,
    from: missing.length === 0 ? 0 : updatesThere(phase, program, block, context),
  };
}

/** What is left to compute of the points that are wanted: operations by the plan's model, and points. */
export function leftToDo(
  standing: readonly PhaseStanding[],
  isWanted: (key: string) => boolean,
): { readonly work: number; readonly points: number } {
  let [work, points] = [0, 0];
  for (const { phase, blocks } of standing)
    for (const { program, done, missing } of blocks) {
      const wanted = [...missing, ...done].filter((number) => isWanted(phase.points[number]?.key ?? "")).length;
      points += wanted;
      if (wanted > 0) work += workOf(program);
    }
  return { work, points };
}
