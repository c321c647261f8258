/** How long a run will take: by what blocks of the same program took before, else by a model with fixed constants. */
import type { Manifest } from "../results/store/manifest.js";
import { workOf } from "./block-job.js";
import type { BlockStanding, PhaseStanding } from "./standing.js";

export interface TimeEstimate {
  /** With one worker. */
  readonly seconds: number;
  /** Whether blocks of every program were timed here before. */
  readonly measured: boolean;
}

/** Operations of the plan's model in a second, on a core of 2020. */
const PER_SECOND = { graph: 2e9, portable: 1e8 } as const;
const START_SECONDS = { graph: 0.8, portable: 0.2 } as const;
const COMPILE_SECONDS = { graph: 0.5, portable: 0 } as const;

export function estimateSeconds(
  standing: readonly PhaseStanding[],
  engine: "graph" | "portable",
  manifest: Manifest | undefined,
): TimeEstimate {
  const open = standing.flatMap(({ blocks }) => blocks.filter(({ missing }) => missing.length > 0));
  if (open.length === 0) return { seconds: 0, measured: true };
  const timed = blockSeconds(manifest);
  const seconds = open.map((block) => {
    const whole = timed.get(block.program.key) ?? workOf(block.program) / PER_SECOND[engine];
    return whole * shareLeft(block);
  });
  const programs = new Set(open.map(({ program }) => program.key));
  const preparing = START_SECONDS[engine] + COMPILE_SECONDS[engine] * programs.size;
  return {
    seconds: preparing + seconds.reduce((sum, one) => sum + one, 0),
    measured: [...programs].every((key) => timed.has(key)),
  };
}

const shareLeft = ({ program, from }: BlockStanding): number =>
  program.steps === 0 ? 1 : (program.steps - from) / program.steps;

/** The mean time of a block, by the key of its program. */
function blockSeconds(manifest: Manifest | undefined): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>();
  for (const { program, seconds } of Object.values(manifest?.blocks ?? {}))
    if (seconds !== null) times.set(program, [...(times.get(program) ?? []), seconds]);
  return new Map([...times].map(([key, list]) => [key, list.reduce((sum, one) => sum + one, 0) / list.length]));
}
