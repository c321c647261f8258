/** What is legal in an experiment without faults, and probably not meant. */
import type { Diagnostic } from "../../../base/diagnostic.js";
import type { Source, Span } from "../../../base/span.js";
import type { CheckedExperiment, Definition, DefinitionId, Experiment } from "../../typed.js";
import type { CheckedExpectation, CheckedResults } from "../checked.js";
import type { AnalysisNode, ReduceNode } from "../ir.js";
import { allNodes } from "../nodes.js";
import { Emptiness } from "./empty.js";
import { ResultRanges } from "./ranges.js";
import { idleSweeps } from "./sweeps.js";
import { knownOf } from "./truths.js";

interface Checked {
  readonly checked: CheckedExperiment;
  readonly results: CheckedResults;
}

/** Of all experiments; what several have in common, made one like the other, is told where it is doubtful in all of them. */
export function doubtsOfAll(
  all: readonly Checked[],
  sources: readonly Source[],
  isWhole: boolean,
): readonly Diagnostic[] {
  const found = new Map<string, { readonly diagnostic: Diagnostic; times: number }>();
  for (const { checked, results } of all)
    for (const diagnostic of doubtsOf(checked, results, sources, isWhole)) {
      const key = `${diagnostic.code} ${diagnostic.span?.file ?? ""}:${String(diagnostic.span?.start)}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { diagnostic, times: 1 });
      else known.times += 1;
    }
  return [...found.values()].flatMap(({ diagnostic, times }) =>
    all.filter((one) => has(one, diagnostic.span)).length === times ? [diagnostic] : [],
  );
}

/** Whether the place is in a sweep or a claim of the experiment. */
function has({ checked, results }: Checked, span: Span | null): boolean {
  const spans = [
    ...checked.experiment.sweeps.map((sweep) => sweep.span),
    ...results.claims.flatMap(({ expectations }) => expectations.map((expectation) => expectation.span)),
  ];
  return spans.some(({ file, start, end }) => span?.file === file && start <= span.start && span.end <= end);
}

/** `isWhole`: neither a profile nor settings left out a part of the plan, of which claims speak. */
export function doubtsOf(
  { experiment }: CheckedExperiment,
  results: CheckedResults,
  sources: readonly Source[],
  isWhole: boolean,
): readonly Diagnostic[] {
  const claims = isWhole ? results.claims.flatMap(({ expectations }) => expectations) : [];
  const idle = idleSweeps(experiment, results);
  if (claims.length === 0) return idle;
  const ranges = new ResultRanges(experiment, results);
  const empty = new Emptiness(experiment, ranges);
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const text = ({ file, start, end }: Span): string =>
    (texts.get(file)?.slice(start, end) ?? "").replace(/\s+/gu, " ").trim();
  return [
    ...idle,
    ...claims.flatMap((claim) => ofNothing(claim, empty, text) ?? decided(claim, experiment, ranges, text) ?? []),
  ];
}

type Text = (span: Span) => string;

function decided(
  claim: CheckedExpectation,
  experiment: Experiment,
  ranges: ResultRanges,
  text: Text,
): Diagnostic | null {
  const { condition, span } = claim;
  const known = knownOf(condition, ranges, (node) => text(node.span));
  if (known === null) return null;
  const column = allNodes([known.about]).find((node) => node.kind === "column");
  const source = column === undefined ? null : ranges.sourceOf(column);
  const computed = source === null ? undefined : originOf(experiment, source);
  const label = computed === undefined ? [] : [{ span: computed.span, text: `\`${computed.name}\` is computed here` }];
  return {
    code: "AM6014",
    severity: "warning",
    span,
    message: known.holds ? `this claim cannot fail: ${known.why}` : `this claim cannot hold: ${known.why}`,
    here: "no result can change that",
    ...(label.length === 0 ? {} : { labels: label }),
    help: "claim what results may contradict",
  };
}

/** The definition that a record or measure passes on as it is. */
function originOf({ definitions }: Experiment, id: DefinitionId): Definition | undefined {
  const seen = new Set<DefinitionId>();
  let found = definitions.get(id);
  while (found?.body.kind === "equation" && found.body.value.kind === "read" && !seen.has(found.id)) {
    seen.add(found.id);
    found = definitions.get(found.body.value.definition);
  }
  return found;
}

/** The first quantifier over nothing. */
function ofNothing({ condition, where }: CheckedExpectation, empty: Emptiness, text: Text): Diagnostic | null {
  const inner = allNodes(where === null ? [condition] : [condition, where]).filter((node) => node.kind === "reduce");
  const never = (test: AnalysisNode | null): test is AnalysisNode => test !== null && empty.isNever(test);
  if (never(where)) return nothing(where, "the claim is undecided whatever the runs give", text);
  for (const node of inner) if (never(node.where)) return nothing(node.where, consequence(node), text);
  return null;
}

function nothing({ span }: AnalysisNode, then: string, text: Text): Diagnostic {
  return {
    code: "AM6015",
    severity: "warning",
    span,
    message: `nothing passes \`${text(span)}\`: ${then}`,
    here: "no coordinate of the plan is like that",
    help: "compare with coordinates that the sweep, the axis or the records have",
  };
}

function consequence({ reducer }: ReduceNode): string {
  switch (reducer) {
    case "all":
      return "`all` holds of nothing";
    case "any":
      return "`any` does not hold of nothing";
    case "sum":
    case "count":
      return `\`${reducer}\` of nothing is 0`;
    case "prod":
      return "`prod` of nothing is 1";
    case "max":
    case "logsumexp":
      return `\`${reducer}\` of nothing is -inf`;
    case "min":
      return "`min` of nothing is inf";
    default:
      return `\`${reducer}\` of nothing has no value`;
  }
}
