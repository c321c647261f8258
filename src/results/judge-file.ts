/** Claims that stand outside of experiments, judged over the results of all that they name. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { CheckedClaim, FileClaims } from "../language/results/index.js";
import type { AnalysisNode } from "../language/results/ir.js";
import { nodesIn } from "./analysis/walk.js";
import { evaluateResults, undecided } from "./evaluate-report.js";
import { openFolder } from "./folder.js";
import { placesIn, stoppingIn } from "./judge.js";
import type { JudgedExperiment, JudgedFile } from "./judged.js";
import { toldOf } from "./left-out.js";
import type { StoredResults } from "./source.js";
import type { PlanFile } from "./store/plan-file.js";
import { experimentFolder } from "./store/spec-folder.js";
import type { ResultSource } from "./types.js";

type Report = (diagnostic: Diagnostic) => void;

/** `judged`: the experiments that were run; a claim that names another one is not judged. */
export async function judgeFile(
  specFolder: string,
  files: readonly [PlanFile, ...PlanFile[]],
  { claims, union }: FileClaims,
  judged: readonly Pick<JudgedExperiment, "name" | "file">[],
  report: Report,
): Promise<JudgedFile> {
  const named = new Set(claims.flatMap(experimentsOf));
  const sources = new Map<string, StoredResults>();
  for (const { name, file } of judged)
    if (named.has(name))
      sources.set(name, (await openFolder(experimentFolder(specFolder, name), file.plan, () => undefined)).results);
  const isThere = (claim: CheckedClaim): boolean => experimentsOf(claim).every((name) => sources.has(name));
  const [first] = files;
  const { precision } = union.experiment;
  const evaluated = evaluateResults(
    { claims: claims.filter(isThere), charts: [], tables: [], texts: [] },
    together(sources),
    { precision, place: placesIn([first.spec, ...first.modules]), stopping: stoppingIn(union.experiment) },
  );
  for (const problem of toldOf(evaluated.problems, first.plan)) report(problem);
  const found = new Map(evaluated.verdicts.map((verdict) => [verdict.name, verdict]));
  const verdicts = claims.map((claim) => {
    const lacking = experimentsOf(claim).filter((name) => !sources.has(name));
    return found.get(claim.name) ?? undecided(claim, notJudged(lacking));
  });
  return {
    evaluated: { ...evaluated, verdicts },
    claimSpans: new Map(claims.map(({ name, span }) => [name, span])),
    precision,
  };
}

function notJudged(lacking: readonly string[]): string {
  return `not judged: ${lacking.map((name) => `\`${name}\``).join(", ")} was not run here`;
}

/** The experiments whose results a claim reads. */
function experimentsOf({ expectations }: CheckedClaim): readonly string[] {
  const nodes = nodesIn(
    expectations.flatMap(({ condition, where }) => [condition, ...(where === null ? [] : [where])]),
  );
  return [...new Set(nodes.flatMap(phasesOf).map((phase) => splitPhase(phase).experiment))];
}

function phasesOf(node: AnalysisNode): readonly string[] {
  if (node.kind === "column") return [node.phase];
  if (node.kind === "axis")
    return node.coordinates.kind === "columns" ? node.coordinates.columns.map(({ phase }) => phase) : [];
  return node.kind === "literal" ? node.columns.flat().map(({ phase }) => phase) : [];
}

/** `full.fit` is the phase `fit` of `full`. */
function splitPhase(phase: string): { readonly experiment: string; readonly own: string } {
  const dot = phase.indexOf(".");
  return { experiment: phase.slice(0, dot), own: phase.slice(dot + 1) };
}

function together(sources: ReadonlyMap<string, ResultSource>): ResultSource {
  const all = [...sources];
  return {
    column: (phase, name) => {
      const { experiment, own } = splitPhase(phase);
      return sources.get(experiment)?.column(own, name);
    },
    phases: new Map(
      all.flatMap(([experiment, { phases }]) => [...phases].map(([own, points]) => [`${experiment}.${own}`, points])),
    ),
    refined: new Set(all.flatMap(([, { refined }]) => [...(refined ?? [])])),
  };
}
