/** Tables of numbers in claims: `let paper[d, eta] = [[0.65, 0.64], [0.31, 0.11]]`. */
import type { Expr } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import type { Env } from "./environment.js";
import type { AnalysisAxis, AnalysisNode } from "./ir.js";
import { int, real } from "./nodes.js";

export function literalOf(
  checker: Checker,
  env: Env,
  tree: Extract<Expr, { kind: "list" }>,
  axes: readonly AnalysisAxis[],
  name: string,
): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const coordinates = axes.map((axis) => (axis.axis === null ? null : context.fullCoordinates(axis.axis)));
  const values: number[] = [];
  const sizes = axes.map(() => -1);
  const seen = { isFine: true, integer: true };

  const visit = (part: Expr, depth: number): void => {
    const axis = axes[depth];
    if (axis === undefined) {
      const node = checker.expr(env, part);
      if (node.type.kind === "unknown") seen.isFine = false;
      else if (node.kind !== "constant" || node.type.kind !== "number") {
        seen.isFine = false;
        context.fault(
          "AM6031",
          part.span,
          part.kind === "list"
            ? `\`${name}\` has ${countOf(axes.length)}, and these lists are nested deeper`
            : "an entry of a table is a number",
        );
      } else {
        seen.integer &&= node.type.integer;
        values.push(node.value);
      }
      return;
    }
    if (part.kind !== "list") {
      seen.isFine = false;
      context.fault("AM6031", part.span, `a list along \`${axis.label}\` is wanted here`, {
        help: `\`${name}\` has ${countOf(axes.length)}: nest as many lists`,
      });
      return;
    }
    const wanted = coordinates[depth]?.length ?? sizes[depth] ?? -1;
    if (wanted >= 0 && part.items.length !== wanted) {
      seen.isFine = false;
      context.fault(
        "AM6031",
        part.span,
        `\`${axis.label}\` has ${String(wanted)} values, and ${String(part.items.length)} are listed here`,
        {
          ...(coordinates[depth] === null
            ? {}
            : {
                here: `one for each of ${(coordinates[depth] ?? []).map((value) => axis.labels?.[value] ?? String(value)).join(", ")}`,
              }),
        },
      );
    }
    sizes[depth] = part.items.length;
    for (const item of part.items) visit(item, depth + 1);
  };
  visit(tree, 0);
  if (!seen.isFine) return nodes.unknown(tree.span);
  const columns = axes.map((axis) => context.columnsWith(axis));
  return nodes.literal(axes, { values, sizes, coordinates, columns }, seen.integer ? int : real, tree.span);
}

function countOf(axes: number): string {
  return axes === 1 ? "one axis" : `${String(axes)} axes`;
}
