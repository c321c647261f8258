/** `amemc explain`: what a run would compute, and what it costs. */
import type { Span } from "../../base/span.js";
import type { Plan, PhasePlan, ProgramPlan } from "../../plan/types.js";
import { estimateMemory } from "../../run/memory.js";
import { costText, decidedText } from "../adaptive-words.js";
import { counted } from "../counted.js";
import { EXIT } from "../exit-code.js";
import type { PlanningOptions } from "../options.js";
import type { Session } from "../session.js";
import { chooseEngine, openSpec, planWithin, refuseFaulty, specFolder } from "../session.js";
import { withTexts } from "../show.js";
import type { Terminal } from "../terminal.js";
import { shortNumber } from "../verdict-words.js";

export async function explain(
  terminal: Terminal,
  path: string,
  options: PlanningOptions & { readonly json?: boolean },
): Promise<number> {
  const session = await openSpec(terminal, path, options);
  if (refuseFaulty(session)) return EXIT.wrong;
  return withTexts(terminal, session.texts, async () => {
    const engine = await chooseEngine(terminal, options.engine, specFolder(path, options.out));
    // What would not fit into memory is explained all the same; what is too many to list is not.
    const { plans } = await planWithin(session.spec, engine, { ...options, memory: Infinity });
    const experiments = plans.map((plan) => explainPlan(plan, conditionsIn(session, plan)));
    if (options.json === true) terminal.out(`${JSON.stringify({ experiments }, null, 2)}\n`);
    else terminal.out(experiments.map(experimentText).join("\n"));
    return 0;
  });
}

/** What each adaptive sweep of a plan asks of results, as it is written. */
function conditionsIn({ spec, texts }: Session, { experiment, adaptive = [] }: Plan): readonly (readonly string[])[] {
  const own = spec.experiments.find(({ checked }) => checked.experiment.name === experiment);
  const written = ({ file, start, end }: Span): string =>
    (texts.text(file)?.slice(start, end) ?? "").replace(/\s+/gu, " ");
  return adaptive.map(({ sweeps }) => {
    const asked = own?.results.adaptive.find((one) => one.sweeps.every(({ label }, k) => label === sweeps[k]));
    return (asked?.conditions ?? []).map(({ span }) => written(span));
  });
}

export type ExplainedPlan = ReturnType<typeof explainPlan>;

/** `conditions`: what decides on each of the adaptive sweeps. */
export function explainPlan(plan: Plan, conditions: readonly (readonly string[])[]) {
  const { parent, worker } = estimateMemory(plan);
  return {
    experiment: plan.experiment,
    engine: plan.engine,
    precision: plan.precision,
    sweeps: plan.sweeps.map(({ name, coordinates }) => ({ name, values: coordinates.length })),
    adaptive: (plan.adaptive ?? []).map((adaptive, k) => ({ ...adaptive, conditions: conditions[k] ?? [] })),
    memoryBytes: Math.round(parent + worker),
    workerBytes: Math.round(worker),
    phases: plan.phases.map((phase) => ({
      name: phase.name,
      sort: phase.sort,
      axes: phase.axes,
      after: phase.after,
      points: phase.points.length,
      programs: phase.programs.map((program, number) => explainProgram(plan, phase, program, number)),
    })),
  };
}

function explainProgram(plan: Plan, phase: PhasePlan, program: ProgramPlan, number: number) {
  const { key, blocks, runs, steps, slotsPerCall, cost } = program;
  const points = blocks.reduce((sum, block) => sum + block.points.length, 0);
  const varying = new Set(program.varying);
  const reading = new Set(
    program.program.nodes.flatMap((node) =>
      node.op === "input" && varying.has(node.id) ? [node.attributes.index] : [],
    ),
  );
  return {
    key,
    structural: structuralValues(plan, phase, number),
    padded: paddedSizes(program),
    points,
    blocks: blocks.length,
    runsPerBlock: runs,
    steps,
    slotsPerCall,
    flopsPerStep: cost.flopsPerStep,
    flops: cost.flopsPerStep * (steps + 1) * runs * blocks.length,
    stateBytes: cost.stateBytes,
    recordBytes: cost.recordBytes,
    inputs: program.program.inputs.map(({ name, source }, index) => ({
      name,
      source: source.kind,
      varies: reading.has(index),
    })),
  };
}

/** Axes whose sizes differ between the points of the program, and the size that it is made for. */
function paddedSizes({ program }: ProgramPlan): Readonly<Record<string, number>> {
  const padded = program.dims.filter(({ filled }) => filled !== undefined);
  return Object.fromEntries(padded.map(({ name, size }) => [name.replace(/'+$/u, ""), size]));
}

/** Sweep variables that decide which of the phase's programs a point has. */
function structuralValues(plan: Plan, phase: PhasePlan, number: number): Readonly<Record<string, number | string>> {
  if (phase.programs.length === 1) return {};
  const values = phase.axes.flatMap((name, axis) => {
    const perProgram = phase.programs.map(
      (_, program) =>
        new Set(phase.points.flatMap((point) => (point.program === program ? [point.position[axis] ?? 0] : []))),
    );
    const all = new Set(perProgram.flatMap((set) => [...set]));
    const isSplit = perProgram.reduce((sum, { size }) => sum + size, 0) === all.size;
    const isSame = perProgram.every(({ size }) => size === 1);
    if (all.size === 1 || !(isSplit || isSame)) return [];
    const sweep = plan.sweeps.find((candidate) => candidate.name === name);
    const values = [...(perProgram[number] ?? [])]
      .sort((a, b) => a - b)
      .map((place) => {
        const value = sweep?.coordinates[place] ?? NaN;
        return sweep?.labels?.[value] ?? value;
      });
    const [first] = values;
    return [[name, values.length === 1 && first !== undefined ? first : values.join(", ")] as const];
  });
  return Object.fromEntries(values);
}

function experimentText(plan: ExplainedPlan): string {
  const sweeps = plan.sweeps.map(({ name, values }) => `${name} (${values})`).join(", ");
  const lines = [
    `${plan.experiment}: ${plan.engine} engine, ${plan.precision}, about ${size(plan.memoryBytes)} of memory with one worker`,
  ];
  if (sweeps !== "") lines.push(`  sweeps: ${sweeps}`);
  lines.push(...plan.adaptive.flatMap((one) => [`  ${costText(one)}`, `    ${decidedText(one, one.conditions)}`]));
  if (plan.adaptive.length > 0) lines.push("  the points below are those of the first round");
  for (const phase of plan.phases) {
    const over = phase.axes.length === 0 ? "" : ` over ${phase.axes.join(", ")}`;
    lines.push(
      `  ${phase.sort} ${phase.name}: ${counted(phase.points, "point")}${over}, ${counted(phase.programs.length, "program")}`,
    );
    for (const program of phase.programs) {
      const where = Object.entries(program.structural)
        .map(([name, value]) => `${name} = ${value}`)
        .join(", ");
      const padded = Object.entries(program.padded).map(([axis, extent]) => `\`${axis}\` padded to ${extent}`);
      const varies = program.inputs.filter((input) => input.varies).map((input) => input.name);
      lines.push(
        `    ${[where === "" ? "all points" : where, ...padded].join(", ")}: ${counted(program.blocks, "block")} of ${counted(program.runsPerBlock, "run")}, ${counted(program.steps, "step")}, ` +
          `${shortNumber(program.flopsPerStep)} operations a step and run, ${shortNumber(program.flops)} in all, state ${size(program.stateBytes)}, records ${size(program.recordBytes)} a run`,
        `      differs between runs: ${varies.length === 0 ? "nothing" : varies.join(", ")}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${Number(value.toPrecision(3))} ${units[unit] ?? ""}`;
}
