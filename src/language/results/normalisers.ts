/** Over results: what goes along axes and keeps them: `rank(step) x`, `softmax(class) x`, `top(token, 3) x`. */
import type { Binder, Expr, Reduction } from "../../../grammar/tree.js";
import type { Checker } from "./checker.js";
import { bindAll, resolveBound, splitParameter } from "./binders.js";
import type { Bound, Env } from "./environment.js";
import type { AnalysisNode, AnalysisScan } from "./ir.js";
import { boundOf } from "./names.js";
import { bool, int, real } from "./nodes.js";
import { wantNumber } from "./operators.js";
import { whereOf } from "./statistics.js";

const scans: Readonly<Record<AnalysisScan, "real" | "int" | "same">> = {
  cumsum: "same",
  cumprod: "same",
  sort: "same",
  rank: "int",
  order: "int",
  normalize: "real",
  sphere: "real",
  softmax: "real",
  log_softmax: "real",
};

/** What takes no order into account may go along several axes, as in a run. */
const ofSeveral: ReadonlySet<string> = new Set<AnalysisScan>(["normalize", "sphere", "softmax", "log_softmax"]);

type Normaliser = AnalysisScan | "top";

export const isNormaliser = (name: string): name is Normaliser => name === "top" || Object.hasOwn(scans, name);

export function checkNormaliser(
  checker: Checker,
  env: Env,
  tree: Reduction,
  name: Normaliser,
  body: Expr,
): AnalysisNode {
  return name === "top" ? checkTop(checker, env, tree, body) : checkScan(checker, env, tree, name, body);
}

function checkScan(checker: Checker, env: Env, tree: Reduction, name: AnalysisScan, bodyTree: Expr): AnalysisNode {
  const { nodes } = checker.context;
  const found = checkLane(checker, env, tree, tree.binders, bodyTree);
  if (found === null) return nodes.unknown(tree.span);
  const { labels, body, where } = found;
  const gives = scans[name];
  const type = gives === "same" ? body.type : gives === "int" ? int : real;
  return nodes.scan(name, labels, body, where, type, tree.span);
}

/** What goes along axes, which stay; null after a fault. */
function checkLane(
  checker: Checker,
  env: Env,
  tree: Reduction,
  binders: readonly Binder[],
  bodyTree: Expr,
): { readonly labels: readonly string[]; readonly body: AnalysisNode; readonly where: AnalysisNode | null } | null {
  const { context } = checker;
  const name = tree.name.text;
  if (binders.length === 0 || (binders.length > 1 && !ofSeveral.has(name))) {
    context.fault("AM6013", tree.span, `\`${name}\` goes along one axis`);
    return null;
  }
  // Its indices stay: a reduction around it may have bound one.
  const around = new Map<Binder, Bound>();
  for (const binder of binders) {
    const known = binder.name === null || binder.value !== null ? undefined : boundOf(env, binder.name.text);
    if (known?.range === null) around.set(binder, known);
  }
  const fresh = bindAll(
    checker,
    env,
    binders.filter((binder) => !around.has(binder)),
  );
  if (fresh === null) return null;
  const binding = { env: fresh.bound.length === 0 ? env : fresh.env, bound: [...around.values(), ...fresh.bound] };
  const body = checker.expr(binding.env, bodyTree);
  const where = whereOf(checker, binding.env, tree.where, [body], (own) =>
    resolveBound(checker, binding.bound, own === null ? [body] : [body, own], name),
  );
  if (where === "faulty" || !wantNumber(checker, body, `\`${name}\``)) return null;
  return { labels: binding.bound.map(({ label }) => label), body, where };
}

/** `top(i, k) x`: fewer than k entries are larger, or equal and before it. */
function checkTop(checker: Checker, env: Env, tree: Reduction, bodyTree: Expr): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const { names, rest } = splitParameter(tree.binders);
  const [given] = rest;
  const most = rest.length === 1 && given?.value ? checker.expr(env, given.value) : null;
  const found = checkLane(checker, env, tree, names, bodyTree);
  if (found === null || most?.kind === "unknown") return nodes.unknown(tree.span);
  const { body, where } = found;
  const [label = ""] = found.labels;
  const isInt = most?.type.kind === "number" && most.type.integer;
  if (most === null || !isInt || most.axes.some((axis) => axis.label === label))
    return context.faulty("AM6032", given?.span ?? tree.name.span, "`top` takes an axis and how many entries of it", {
      help: `\`top(${label}, 3) x\``,
    });
  const negative = nodes.apply("neg", [body], body.type, tree.span);
  const larger = nodes.scan("rank", [label], negative, where, int, tree.span);
  const isTop = nodes.apply("lt", [larger, most], bool, tree.span);
  return where === null ? isTop : nodes.apply("and", [where, isTop], bool, tree.span);
}
