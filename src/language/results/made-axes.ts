/** Subscripts of results on axes made of axes: an index of a part or of a joined axis, `(row, col)` on a product. */
import type { Expr, Name } from "../../../grammar/tree.js";
import { rootOf, routesInto } from "../made-axes.js";
import type { AxisId } from "../typed.js";
import type { Checker } from "./checker.js";
import type { Env } from "./environment.js";
import type { AnalysisAxis, AnalysisNode } from "./ir.js";
import { axisOfName, boundOf } from "./names.js";
import { allNodes, int } from "./nodes.js";

/** The coordinate at which an index of an axis that lies in another reads it; null where it does not lie in it. */
export function coordinateIn(
  checker: Checker,
  env: Env,
  axis: AnalysisAxis,
  name: Name,
): AnalysisNode | "faulty" | null {
  const { context } = checker;
  const other = boundOf(env, name.text)?.axis ?? axisOfName(checker, env, name.text);
  if (other?.axis === undefined || other.axis === null || axis.axis === null || other.kind !== "index") return null;
  const [route, ...others] = routesInto(context.experiment.axes, other.axis, axis.axis);
  if (route === undefined || route.length === 0 || others.length > 0) return null;
  // A part has the coordinates of its whole.
  if (route.every((step) => step.kind === "part")) return checker.expr({ ...env, positions: false }, name);
  const joins = route.filter((step) => step.kind === "join");
  const own = route[0]?.kind === "join";
  const first = route.findIndex((step) => step.kind === "join");
  const isKnown = own || (isNumbered(context, other.axis) && route.slice(first).every((step) => step.kind === "join"));
  if (!isKnown) {
    context.notYet(name.span, `reading \`${axis.label}\` in results at an index of \`${other.label}\``);
    return "faulty";
  }
  // Its place among the positions of the joined axis, behind the axes that come before.
  const before = joins.flatMap((step) => {
    const kind = context.experiment.axes.get(step.join)?.kind;
    return kind?.kind === "join" ? kind.parts.slice(0, step.place) : [];
  });
  // Coordinates are known where the axis is shorter at some points; positions of it are those of the longest.
  const isCounted = isNumbered(context, other.axis) && context.isPrefix(other.axis);
  const place = checker.expr({ ...env, positions: own && !isCounted }, name);
  return before
    .map((part) => checker.constants.size(part, name.span))
    .reduce((sum, size) => context.nodes.apply("add", [sum, size], int, name.span), place);
}

/** Whether the coordinates of an axis are the positions along the axis that it is a part of. */
function isNumbered({ experiment }: Checker["context"], axis: AxisId): boolean {
  const kind = experiment.axes.get(rootOf(experiment.axes, axis))?.kind.kind;
  return kind !== "coordinates" && kind !== "labels";
}

/** `(row, col)`: the position along the product. */
export function positionInProduct(
  checker: Checker,
  env: Env,
  axis: AnalysisAxis,
  tuple: Extract<Expr, { readonly kind: "tuple" }>,
  of: string,
): AnalysisNode | "faulty" {
  const { context } = checker;
  const { nodes } = context;
  const found = axis.axis === null ? undefined : context.experiment.axes.get(axis.axis);
  const factors = found?.kind.kind === "product" ? found.kind.factors : [];
  const names = factors.map((factor) => context.experiment.axes.get(factor)?.name ?? "");
  const refuse = (message: string): "faulty" => {
    context.fault("AM6023", tuple.span, message, {
      here: `this position of \`${of}\` is axis \`${axis.label}\``,
      ...(names.length === 0 ? {} : { help: `write \`(${names.join(", ")})\`` }),
    });
    return "faulty";
  };
  if (factors.length === 0) return refuse(`\`${axis.label}\` is no product: it takes one subscript`);
  if (factors.length !== tuple.items.length) return refuse(`\`${axis.label}\` is the product ${names.join(" * ")}`);
  let place: AnalysisNode = nodes.constant(0, int, tuple.span);
  for (const [k, item] of tuple.items.entries()) {
    const factor = factors[k] ?? 0;
    const other = item.kind === "name" ? (boundOf(env, item.text)?.axis ?? axisOfName(checker, env, item.text)) : null;
    if (other !== null && other.kind === "index" && other.axis !== factor)
      return refuse(`\`${checker.context.text(item.span)}\` is no index of \`${names[k] ?? ""}\``);
    const position = checker.expr({ ...env, positions: true }, item);
    if (position.type.kind === "unknown") return "faulty";
    const size = checker.constants.size(factor, item.span);
    place = nodes.apply("add", [nodes.apply("mul", [place, size], int, item.span), position], int, tuple.span);
  }
  return place;
}

/**
 * What a computed subscript counts: positions of the axis; where a part has part in it, its coordinates, which on a part are
 * positions along the whole, as in a run.
 */
export function countedAlong(
  checker: Checker,
  env: Env,
  axis: AnalysisAxis,
  tree: Expr,
): "position" | "coordinate" | "faulty" {
  const { context } = checker;
  const { axes } = context.experiment;
  const isPart = (id: AxisId | null): id is AxisId => id !== null && axes.get(id)?.kind.kind === "part";
  const named = indicesIn(checker, env, tree);
  const own = axis.axis;
  const rootOfOwn = own === null ? null : rootOf(axes, own);
  const counts = named.some((id) => isPart(id) || (isPart(own) && rootOf(axes, id) === rootOfOwn));
  if (!counts && (!isPart(own) || isPlainNumber(checker, env, tree))) return "position";
  const root = (counts ? [own, ...named] : [own]).map((id) => (id === null ? undefined : axes.get(rootOf(axes, id))));
  const areNumbered = root.every((found) => found?.kind.kind !== "coordinates" && found?.kind.kind !== "labels");
  if (counts && areNumbered) return "coordinate";
  context.fault("AM6023", tree.span, `does this count inside the part \`${axis.label}\` or along its whole?`, {
    here: "a computed position",
    help: `name the axis to read at a coordinate, which is that of the whole: \`${axis.label}: …\``,
  });
  return "faulty";
}

function isPlainNumber(checker: Checker, env: Env, tree: Expr): boolean {
  const nodes = allNodes([checker.expr({ ...env, positions: true }, tree)]);
  return nodes.every((node) => node.kind !== "column" && (node.kind !== "axis" || node.axis.kind === "sweep"));
}

/** The axes of the indices that stand in an expression as values. */
function indicesIn(checker: Checker, env: Env, tree: Expr): readonly AxisId[] {
  const found = new Set<AxisId>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("kind" in node && node.kind === "name" && "text" in node && typeof node.text === "string") {
      const axis = boundOf(env, node.text)?.axis ?? axisOfName(checker, env, node.text);
      if (axis?.kind === "index" && axis.axis !== null) found.add(axis.axis);
      return;
    }
    for (const [key, part] of Object.entries(node)) if (key !== "span") visit(part);
  };
  visit(tree);
  return [...found];
}
