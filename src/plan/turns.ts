/** Turns of a phase in a sequence: planned one by one, they are one phase of the plan, with the sequence among its axes. */
import type { BlockPlan, PhasePlan, PointPlan, ProgramPlan, ResultPlan } from "./types.js";

/** The phase with one more turn. Programs of the same key are one; each turn has blocks of its own. */
export function withTurn(before: PhasePlan, turn: PhasePlan): PhasePlan {
  const after = [...new Set([...before.after, ...turn.after])];
  const programs: ProgramPlan[] = [...before.programs];
  const first = before.points.length;
  const places = turn.programs.map((program) => {
    const known = programs.findIndex(({ key }) => key === program.key);
    const blocks = program.blocks.map((block): BlockPlan => ({
      ...block,
      points: block.points.map((point) => point + first),
    }));
    const there = programs[known];
    if (there === undefined) return { program: programs.push({ ...program, blocks }) - 1, block: 0 };
    programs[known] = { ...there, blocks: [...there.blocks, ...blocks] };
    return { program: known, block: there.blocks.length };
  });
  const fresh = turn.programs.flatMap((_, k) => ((places[k]?.program ?? 0) >= before.programs.length ? [k] : []));
  return {
    ...before,
    after,
    programs,
    results: before.results.map((result, k) => withPrograms(result, turn.results[k], fresh)),
    points: [
      ...before.points.map((point) => reordered(point, before.after, after)),
      ...turn.points.map((point): PointPlan => {
        const { program = 0, block = 0 } = places[point.program] ?? {};
        return { ...reordered(point, turn.after, after), program, block: point.block + block };
      }),
    ],
  };
}

/** A turn may read phases that another one does not. */
const reordered = (point: PointPlan, from: readonly string[], to: readonly string[]): PointPlan => ({
  ...point,
  sources: to.map((name) => point.sources[from.indexOf(name)] ?? -1),
});

function withPrograms(result: ResultPlan, other: ResultPlan | undefined, fresh: readonly number[]): ResultPlan {
  if (other?.name !== result.name) throw new Error(`the turns of a sequence differ in \`${result.name}\``);
  const axes = result.axes.map((axis, k) => {
    const more = other.axes[k];
    return {
      ...axis,
      coordinates: [...axis.coordinates, ...fresh.map((program) => more?.coordinates[program] ?? [])],
      integer: axis.integer && more?.integer !== false,
    };
  });
  return { ...result, axes };
}
