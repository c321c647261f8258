/** Sweeps that nothing depends on: neither a run, nor another sweep, nor what is said about results. */
import type { Diagnostic } from "../../../base/diagnostic.js";
import { sweepsOf } from "../../mentions.js";
import type { AxisId, Definition, Experiment, Sweep } from "../../typed.js";
import type { CheckedResults } from "../checked.js";

export function idleSweeps(experiment: Experiment, results: CheckedResults): readonly Diagnostic[] {
  const used = axesIn([results.claims, results.charts, results.tables, results.texts, results.adaptive]);
  for (const { axes, structural, turn } of experiment.phases)
    [...axes, ...structural, ...turn.keys()].forEach((axis) => used.add(axis));
  for (const { dependence } of results.needed)
    [...dependence.axes, ...dependence.structural].forEach((axis) => used.add(axis));
  for (const { axes } of experiment.planes) axes.forEach(({ axis }) => used.add(axis));
  return experiment.sweeps
    .filter(
      (sweep) => sweep.sequence !== true && sweep.adaptive === undefined && !sweep.axes.some((axis) => used.has(axis)),
    )
    .filter((sweep) => !experiment.sweeps.some((other) => other !== sweep && dependsOn(experiment, other, sweep)))
    .map((sweep) => idle(experiment, sweep));
}

function idle(experiment: Experiment, { axes, span }: Sweep): Diagnostic {
  const names = axes.map((axis) => `\`${experiment.axes.get(axis)?.name ?? "?"}\``).join(", ");
  const base = { severity: "warning", span } as const;
  if (names === "`seed`") {
    const keyed = [...experiment.definitions.values()].find(hasKeyOfItsOwn);
    return {
      ...base,
      code: "AM4045",
      message: "`seed` is swept, and nothing is drawn by it",
      here: "all seeds give the same results",
      ...(keyed === undefined ? {} : { labels: [{ span: keyed.span, text: "this is drawn by a key of its own" }] }),
      help: "take the sweep out, or draw what is to differ: `x[i] ~ normal(0, 1)`",
    };
  }
  return {
    ...base,
    code: "AM4044",
    message: `the sweep ${names} changes nothing`,
    here: "no run, claim or chart depends on it",
    help: "take it out, or use it where another value stands",
  };
}

function hasKeyOfItsOwn({ body }: Definition): boolean {
  if (body.kind === "draw") return body.draw.by !== null;
  return (body.kind === "param" || body.kind === "state") && body.init.kind === "draw" && body.init.draw.by !== null;
}

function dependsOn(experiment: Experiment, { values, where }: Sweep, on: Sweep): boolean {
  const rows = values.kind === "tuples" ? values.rows.flat() : values.kind === "list" ? [values.list] : [];
  return [...rows, ...(where === null ? [] : [where])].some((part) => {
    const found = sweepsOf(experiment, part);
    return on.axes.some((axis) => found.has(axis));
  });
}

/** The sweeps over which expressions of results vary. */
function axesIn(root: unknown): Set<AxisId> {
  const found = new Set<AxisId>();
  const seen = new Set<object>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if ("kind" in part && part.kind === "sweep" && "axis" in part && typeof part.axis === "number")
      found.add(part.axis);
    Object.values(part).forEach(visit);
  };
  visit(root);
  return found;
}
