/**
 * Definitions that claims and charts name although no phase records them: which sweeps they vary with, and the measures
 * that store them. One measure for each set of sweeps, so that nothing is computed more often than it varies.
 */
import { Diagnostics } from "../../base/diagnostic.js";
import { dependOn } from "../dependence.js";
import type { AxisId, DefinitionId, Experiment, Phase } from "../typed.js";
import { World } from "../world.js";

export interface Dependence {
  readonly axes: readonly AxisId[];
  readonly structural: readonly AxisId[];
}

/** The phase that stores such definitions, numbered from 1. No name of a spec begins like this. */
export const implicitPhase = (number: number): string => `__definitions${String(number)}`;

/** The sweeps that a definition depends on, through all that it reads. */
export function dependenceOf(experiment: Experiment, definition: DefinitionId): Dependence {
  const world = new World(experiment.span.file, new Diagnostics(), null, new Map());
  for (const [id, axis] of experiment.axes) world.axes.set(id, axis);
  for (const [id, constant] of experiment.constants) world.constants.set(id, constant);
  for (const [id, known] of experiment.definitions) world.definitions.set(id, known);
  const results = [{ name: "value", definition }];
  const [phase] = dependOn(world, [
    {
      name: "value",
      sort: "measure",
      count: null,
      draws: [],
      statements: [],
      stop: null,
      holds: false,
      records: [],
      results,
      span: experiment.span,
    },
  ]);
  return { axes: phase?.axes ?? [], structural: phase?.structural ?? [] };
}

/** A definition that has to be stored, and where. */
export interface Needed {
  readonly definition: DefinitionId;
  readonly phase: string;
  /** What it is called there. */
  readonly name: string;
  readonly dependence: Dependence;
}

/** Those of an experiment. `before`: what has been found already. */
export class NeededDefinitions {
  private readonly found = new Map<DefinitionId, Needed>();
  private readonly phases = new Map<string, string>();

  constructor(
    private readonly experiment: Experiment,
    before: readonly Needed[] = [],
  ) {
    for (const needed of before) {
      this.found.set(needed.definition, needed);
      this.phases.set(keyOf(needed.dependence), needed.phase);
    }
  }

  need(definition: DefinitionId, name: string): Needed {
    const known = this.found.get(definition);
    if (known !== undefined) return known;
    const dependence = dependenceOf(this.experiment, definition);
    const key = keyOf(dependence);
    const phase = this.phases.get(key) ?? implicitPhase(this.phases.size + 1);
    this.phases.set(key, phase);
    const needed: Needed = { definition, phase, name, dependence };
    this.found.set(definition, needed);
    return needed;
  }

  get all(): readonly Needed[] {
    return [...this.found.values()];
  }
}

const keyOf = ({ axes }: Dependence): string => [...axes].sort((a, b) => a - b).join(" ");

/** The experiment with a measure for what its claims, charts and prose need beside the records. */
export function withImplicitMeasures(experiment: Experiment, needed: readonly Needed[]): Experiment {
  const names = [...new Set(needed.map(({ phase }) => phase))];
  const order = experiment.sweeps.flatMap((sweep) => sweep.axes);
  const measures = names.map((name): Phase => {
    const own = needed.filter(({ phase }) => phase === name);
    const has = (set: "axes" | "structural"): readonly AxisId[] =>
      order.filter((axis) => own.some(({ dependence }) => dependence[set].includes(axis)));
    return {
      name,
      sort: "measure",
      count: null,
      draws: [],
      statements: [],
      stop: null,
      holds: false,
      records: [],
      results: own.map((entry) => ({ name: entry.name, definition: entry.definition })),
      changes: [],
      after: [],
      from: [],
      starts: new Map(),
      turn: new Map(),
      axes: has("axes"),
      structural: has("structural"),
      span: experiment.definitions.get(own[0]?.definition ?? -1)?.span ?? experiment.span,
    };
  });
  return measures.length === 0 ? experiment : { ...experiment, phases: [...experiment.phases, ...measures] };
}
