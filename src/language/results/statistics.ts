/** Statistics over results: `slope(x, y over step where c)`, `increasing(K, x)`, `crossing(K, x, level)`. */
import type { Expr, Name, Reduction } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import type { Checker } from "./checker.js";
import type { Env } from "./environment.js";
import { bindAll, resolveBound } from "./binders.js";
import type { AnalysisNode, AnalysisStatistic, AnalysisType } from "./ir.js";
import { bool, coordinateType, real } from "./nodes.js";
import { wantBool, wantNumber } from "./operators.js";

/** Of two operands, over the axes after `over`. */
export const overStatistics: ReadonlyMap<string, AnalysisStatistic> = new Map<string, AnalysisStatistic>([
  ["slope", "slope"],
  ["intercept", "intercept"],
  ["r2", "r2"],
  ["spearman", "spearman"],
  ["corr", "corr"],
  ["sign_test", "sign_test"],
  ["wilcoxon", "wilcoxon"],
  ["mann_whitney", "mann_whitney"],
]);

/** Along an axis that is the first argument. */
export const alongFunctions: ReadonlyMap<string, AnalysisStatistic> = new Map<string, AnalysisStatistic>([
  ["increasing", "increasing"],
  ["decreasing", "decreasing"],
  ["interior_max", "interior_max"],
  ["crossing", "crossing"],
]);

/** `slope(log(step), fit.loss over step, seed where step > 10)`. */
export function checkOver(checker: Checker, env: Env, tree: Reduction, over: readonly Name[]): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const { text } = tree.name;
  const statistic = overStatistics.get(text);
  if (statistic === undefined) {
    return context.faulty("AM6001", tree.name.span, `no statistic of two values is called \`${text}\``, {
      ...context.suggest(text, overStatistics.keys()),
    });
  }
  const operandTrees = tree.binders.map(
    (binder): Expr => binder.value ?? binder.name ?? { kind: "missing", span: binder.span },
  );
  const [x, y] = operandTrees;
  if (operandTrees.length !== 2 || x === undefined || y === undefined) {
    return context.faulty("AM6032", tree.span, `\`${text}\` takes two values and the axes they are paired over`, {
      help: `\`${text}(log(step), fit.loss over step)\``,
    });
  }
  const bound = bindAll(
    checker,
    env,
    over.map((name) => ({ name, value: null, span: name.span })),
  );
  if (bound === null) return nodes.unknown(tree.span);
  const operands = [x, y].map((part) => checker.expr(bound.env, part));
  const where = whereOf(checker, bound.env, tree.where, operands, () =>
    resolveBound(checker, bound.bound, operands, text),
  );
  const fine = operands.map((operand) => wantNumber(checker, operand, `\`${text}\``));
  if (where === "faulty" || fine.includes(false)) return nodes.unknown(tree.span);
  return nodes.statistic(
    statistic,
    over.map((name) => name.text),
    { operands, where },
    real,
    tree.span,
  );
}

/** Checks the condition when the axes are known; `null` without one. */
export function whereOf(
  checker: Checker,
  env: Env,
  tree: Expr | null,
  operands: readonly AnalysisNode[],
  resolve: (where: AnalysisNode | null) => boolean,
): AnalysisNode | null | "faulty" {
  if (operands.some((operand) => operand.type.kind === "unknown")) return "faulty";
  checker.adoptAxes(env, operands);
  const where = tree === null ? null : checker.expr({ ...env, subjects: operands }, tree);
  if (where !== null && !wantBool(checker, where, "`where`")) return "faulty";
  return resolve(where) ? where : "faulty";
}

/** `increasing(K, x)`, `crossing(K, x, level)`. */
export function checkAlong(
  checker: Checker,
  env: Env,
  name: Name,
  args: readonly Expr[],
  whereTree: Expr | null,
  span: Span,
): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const statistic = alongFunctions.get(name.text);
  const [axis, x, level] = args;
  const wanted = statistic === "crossing" ? 3 : 2;
  if (statistic === undefined || axis?.kind !== "name" || x === undefined || args.length !== wanted) {
    const form = statistic === "crossing" ? "crossing(K, x, level)" : `${name.text}(K, x)`;
    return context.faulty(
      "AM6032",
      span,
      `\`${name.text}\` takes an axis and ${wanted === 3 ? "a value and a level" : "a value"}`,
      {
        help: `\`${form}\`, where K is an axis that x varies with`,
      },
    );
  }
  const bound = bindAll(checker, env, [{ name: axis, value: null, span: axis.span }]);
  if (bound === null) return nodes.unknown(span);
  const operand = checker.expr(bound.env, x);
  const where = whereOf(checker, bound.env, whereTree, [operand], () =>
    resolveBound(checker, bound.bound, [operand], name.text),
  );
  const threshold = level === undefined ? null : checker.expr(env, level);
  const fine = [operand, ...(threshold === null ? [] : [threshold])].map((part) =>
    wantNumber(checker, part, `\`${name.text}\``),
  );
  if (where === "faulty" || fine.includes(false)) return nodes.unknown(span);
  if (threshold?.axes.some((own) => own.label === axis.text) === true)
    return context.faulty("AM6032", threshold.span, `the level of \`crossing\` may not vary with \`${axis.text}\``);
  const along = operand.axes.find((own) => own.label === axis.text);
  if (along === undefined) return nodes.unknown(span);
  const coordinate = coordinateType(along);
  let type: AnalysisType = bool;
  if (statistic === "interior_max") type = coordinate;
  else if (statistic === "crossing") type = real;
  if (along.labels !== null)
    return context.faulty("AM6032", axis.span, `\`${name.text}\` needs an axis with numbers`, {
      here: `\`${axis.text}\` has labels, which have no order`,
    });
  return nodes.statistic(statistic, [axis.text], { operands: [operand], where, level: threshold }, type, span);
}
