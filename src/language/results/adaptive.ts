/** Conditions of adaptive sweeps: of results, over the sweep itself and others that stay. */
import type { Sweep } from "../typed.js";
import type { CheckedAdaptive } from "./checked.js";
import type { Checker } from "./checker.js";
import { envOf } from "./environment.js";
import type { AnalysisNode } from "./ir.js";
import { wantBool } from "./operators.js";

/** Null where the sweep is an ordinary one, and after a fault. */
export function checkAdaptiveSweep(checker: Checker, { axes, adaptive }: Sweep): CheckedAdaptive | null {
  const [sweep] = axes;
  if (adaptive === undefined || sweep === undefined) return null;
  const { context } = checker;
  const name = context.experiment.axes.get(sweep)?.name ?? "";
  const env = envOf(context.checked.scope);
  const found: AnalysisNode[] = [];
  for (const tree of adaptive.conditions) {
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
    if (!node.axes.some((axis) => axis.axis === sweep)) {
      context.fault("AM4041", tree.span, `the condition does not vary with \`${name}\``, {
        here: `its axes are ${node.axes.map(({ label }) => `\`${label}\``).join(", ") || "none"}`,
        help: `it is about a result of a phase that uses \`${name}\``,
      });
      return null;
    }
    found.push(node);
  }
  const all = new Map(found.flatMap((node) => node.axes).map((axis) => [axis.axis ?? -1, axis.label]));
  const label = all.get(sweep) ?? name;
  const free = [...all].filter(([axis]) => axis !== sweep).map(([axis, own]) => ({ axis, label: own }));
  return { sweep, label, conditions: found, free };
}
