/** Conditions of adaptive sweeps and of planes: of results, over the sweeps themselves and others that stay. */
import type { Expr as TreeExpr } from "../../../grammar/tree.js";
import { sweepsOf } from "../mentions.js";
import type { AxisId, Experiment, Expr, ListExpr, Sweep } from "../typed.js";
import type { CheckedAdaptive } from "./checked.js";
import type { Checker } from "./checker.js";
import { envOf } from "./environment.js";
import type { AnalysisNode } from "./ir.js";
import { wantBool } from "./operators.js";

export function checkAdaptiveSweeps(checker: Checker, { sweeps, planes }: Experiment): readonly CheckedAdaptive[] {
  const single = sweeps.flatMap(({ axes, adaptive }) => {
    if (adaptive === undefined) return [];
    const { mode, conditions, span } = adaptive;
    return checkConditions(checker, { mode, axes, conditions, span, plane: null }) ?? [];
  });
  const several = planes.flatMap((plane) => {
    const axes = plane.axes.map(({ axis }) => axis);
    const { conditions, span } = plane;
    return checkConditions(checker, { mode: "refine", axes, conditions, span, plane }) ?? [];
  });
  const all = [...single, ...several];
  return all.filter((one) => !refuseCircle(checker, one, all));
}

interface Asked extends Pick<CheckedAdaptive, "mode" | "plane" | "span"> {
  readonly axes: readonly AxisId[];
  readonly conditions: readonly TreeExpr[];
}

/** Null after a fault. */
function checkConditions(checker: Checker, { axes, conditions, mode, plane, span }: Asked): CheckedAdaptive | null {
  const { context } = checker;
  const env = envOf(context.checked.scope);
  const found: AnalysisNode[] = [];
  for (const tree of conditions) {
    const node = context.completeAll(() => {
      const made = checker.expr(env, tree);
      return { made, nodes: [made] };
    });
    if (!wantBool(checker, node, "an adaptive sweep")) return null;
    const inside = node.axes.find((axis) => axis.kind !== "sweep");
    if (inside !== undefined) {
      context.fault("AM4041", tree.span, `the condition varies with \`${inside.label}\`, and a sweep has one answer`, {
        help: `reduce it, for example \`mean(${inside.label}) …\`, or take one of its values`,
      });
      return null;
    }
    const lacking = axes.find((own) => !node.axes.some(({ axis }) => axis === own));
    if (lacking !== undefined) {
      const name = nameOf(context.experiment, lacking);
      context.fault("AM4041", tree.span, `the condition does not vary with \`${name}\``, {
        here: `its axes are ${node.axes.map(({ label }) => `\`${label}\``).join(", ") || "none"}`,
        help: `it is about a result of a phase that uses \`${name}\``,
      });
      return null;
    }
    found.push(node);
  }
  const all = new Map(found.flatMap((node) => node.axes).map((axis) => [axis.axis ?? -1, axis.label]));
  const sweeps = axes.map((axis) => ({ axis, label: all.get(axis) ?? nameOf(context.experiment, axis) }));
  const free = [...all].filter(([axis]) => !axes.includes(axis)).map(([axis, label]) => ({ axis, label }));
  return { mode, plane, sweeps, conditions: found, free, span };
}

const nameOf = (experiment: Experiment, axis: AxisId): string => experiment.axes.get(axis)?.name ?? "?";

/** Values that would have to be known before they are: of the sweep at points of another one that follows it. */
function refuseCircle({ context }: Checker, one: CheckedAdaptive, all: readonly CheckedAdaptive[]): boolean {
  const { experiment } = context;
  const own = one.sweeps.map(({ axis }) => axis);
  const follows = (axis: AxisId, seen: Set<AxisId>): boolean => {
    if (own.includes(axis)) return true;
    if (seen.has(axis)) return false;
    seen.add(axis);
    const adaptive = all.find(({ sweeps }) => sweeps.some((sweep) => sweep.axis === axis));
    const sweep = experiment.sweeps.find(({ axes }) => axes.includes(axis));
    const before = [
      ...(sweep === undefined ? [] : gridOf(experiment, sweep)),
      ...(adaptive?.free ?? []).map((free) => free.axis),
    ];
    return before.some((earlier) => follows(earlier, seen));
  };
  const circular = one.free.find(({ axis }) => follows(axis, new Set()));
  if (circular === undefined) return false;
  const names = one.sweeps.map(({ label }) => `\`${label}\``).join(", ");
  context.fault(
    "AM4041",
    one.span,
    `${names} would have values of its own at each \`${circular.label}\`, whose values follow those of ${names}`,
    { help: `reduce \`${circular.label}\` in one of the conditions, for example \`mean(${circular.label}) …\`` },
  );
  return true;
}

function gridOf(experiment: Experiment, { values, adaptive }: Sweep): readonly AxisId[] {
  const world = { axes: new Map(experiment.axes), constants: new Map(experiment.constants) };
  const entries: readonly (Expr | ListExpr)[] =
    values.kind === "list" ? [values.list] : values.kind === "tuples" ? values.rows.flat() : [];
  const start = adaptive?.start ?? null;
  return [...entries, ...(start === null ? [] : [start])].flatMap((entry) => [...sweepsOf(world, entry)]);
}
