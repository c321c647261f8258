/** Operators over results: arithmetic, comparisons, `and`, `in`, `if`, `case`. Ints widen to reals; nothing else converts silently. */
import type { Binary, Case, Comparator, Comparison, Conditional, Unary } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import type { Checker } from "./checker.js";
import type { Env } from "./environment.js";
import type { AnalysisNode, AnalysisType, BinaryOperation } from "./ir.js";
import { bool, int, real } from "./nodes.js";

export function describeType(type: AnalysisType): string {
  switch (type.kind) {
    case "number":
      return type.integer ? "an int" : "a real number";
    case "bool":
      return "a bool";
    case "label":
      return `a label (${type.labels.slice(0, 4).join(", ")}${type.labels.length > 4 ? ", …" : ""})`;
    case "word":
      return `the label \`${type.word}\``;
    case "unknown":
      return "unknown";
  }
}

/** Whether it is a number; says so where it is not. What is unknown has been told already. */
export function wantNumber(checker: Checker, node: AnalysisNode, what: string): boolean {
  if (node.type.kind === "number") return true;
  if (node.type.kind !== "unknown") {
    checker.context.fault("AM6030", node.span, `${what} wants a number`, {
      here: `this is ${describeType(node.type)}`,
      ...(node.type.kind === "bool" ? { help: "write `real(…)` for 0 and 1" } : {}),
    });
  }
  return false;
}

export function wantBool(checker: Checker, node: AnalysisNode, what: string): boolean {
  if (node.type.kind === "bool") return true;
  if (node.type.kind !== "unknown") {
    checker.context.fault("AM6030", node.span, `${what} wants a condition`, {
      here: `this is ${describeType(node.type)}`,
      help: "compare it with something: `x > 0`",
    });
  }
  return false;
}

export function isInteger(nodes: readonly AnalysisNode[]): boolean {
  return nodes.every((node) => node.type.kind === "number" && node.type.integer);
}

export function checkUnary(checker: Checker, env: Env, tree: Unary): AnalysisNode {
  const { nodes } = checker.context;
  const operand = checker.expr(env, tree.operand);
  if (tree.operator === "-") {
    if (!wantNumber(checker, operand, "`-`")) return nodes.unknown(tree.span);
    return nodes.apply("neg", [operand], operand.type, tree.span);
  }
  if (!wantBool(checker, operand, "`not`")) return nodes.unknown(tree.span);
  return nodes.apply("not", [operand], bool, tree.span);
}

const arithmetic: Readonly<Record<string, BinaryOperation>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "^": "pow",
};

export function checkBinary(checker: Checker, env: Env, tree: Binary): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  if (tree.operator === "in") return checkIn(checker, env, tree);
  if (tree.operator === "++" || tree.operator === "|")
    return context.faulty("AM6030", tree.operatorSpan, `\`${tree.operator}\` has no meaning for results`);
  const left = checker.expr(env, tree.left);
  const right = checker.expr(env, tree.right);
  const what = `\`${tree.operator}\``;
  if (tree.operator === "and" || tree.operator === "or") {
    const fine = [left, right].map((operand) => wantBool(checker, operand, what));
    return fine.includes(false) ? nodes.unknown(tree.span) : nodes.apply(tree.operator, [left, right], bool, tree.span);
  }
  const fine = [left, right].map((operand) => wantNumber(checker, operand, what));
  const operation = arithmetic[tree.operator];
  if (fine.includes(false) || operation === undefined) return nodes.unknown(tree.span);
  const staysInt = operation === "pow" ? right.kind === "constant" && right.value >= 0 : operation !== "div";
  return nodes.apply(operation, [left, right], staysInt && isInteger([left, right]) ? int : real, tree.span);
}

/** `x in [80, 40]`, `n in 1 .. 9`, `method in [gd, muon]`. */
function checkIn(checker: Checker, env: Env, tree: Binary): AnalysisNode {
  const { nodes } = checker.context;
  const operand = checker.expr(env, tree.left);
  const labels = operand.type.kind === "label" ? operand.type.labels : null;
  const values = checker.numbers(env, tree.right, labels);
  if (operand.type.kind === "unknown" || values === null) return nodes.unknown(tree.span);
  if (labels === null && !wantNumber(checker, operand, "`in`")) return nodes.unknown(tree.span);
  return nodes.isIn(operand, values, tree.span);
}

const comparators: Readonly<Record<Comparator, BinaryOperation>> = {
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

export function checkComparison(checker: Checker, env: Env, tree: Comparison): AnalysisNode {
  const { nodes } = checker.context;
  const operands: AnalysisNode[] = [];
  // A name after a label is a label of the same set, whatever else it may be called.
  for (const operand of tree.operands) operands.push(checker.operand(env, operand, operands.at(-1)?.type));
  const pairs = tree.operators.map((comparator, k): AnalysisNode => {
    const left = operands[k] ?? nodes.unknown(tree.span);
    const right = operands[k + 1] ?? nodes.unknown(tree.span);
    return comparePair(checker, comparator, left, right, {
      file: tree.span.file,
      start: left.span.start,
      end: right.span.end,
    });
  });
  return pairs.reduce((both, pair) => nodes.apply("and", [both, pair], bool, tree.span));
}

function comparePair(
  checker: Checker,
  comparator: Comparator,
  left: AnalysisNode,
  right: AnalysisNode,
  span: Span,
): AnalysisNode {
  const { nodes } = checker.context;
  if (left.type.kind === "unknown" || right.type.kind === "unknown") return nodes.unknown(span);
  const operation = comparators[comparator];
  const isEquality = comparator === "==" || comparator === "!=";
  const [first, second] = resolveWords(checker, left, right);
  if (first.type.kind === "unknown" || second.type.kind === "unknown") return nodes.unknown(span);
  if (isEquality && first.type.kind === "label" && second.type.kind === "label") {
    if (first.type.labels.join() === second.type.labels.join())
      return nodes.apply(operation, [first, second], bool, span);
    return checker.context.faulty("AM6030", span, "these labels are of different sets and never equal");
  }
  if (isEquality && first.type.kind === "bool" && second.type.kind === "bool")
    return nodes.apply(operation, [first, second], bool, span);
  const fine = [first, second].map((operand) => wantNumber(checker, operand, `\`${comparator}\` here`));
  if (fine.includes(false)) return nodes.unknown(span);
  // Coordinates come of lists like `linspace`; they are compared as subscripts compare them.
  const ofCoordinates = isEquality && (first.kind === "axis" || second.kind === "axis");
  const equality = operation === "eq" ? "eq_coordinate" : "ne_coordinate";
  return nodes.apply(ofCoordinates ? equality : operation, [first, second], bool, span);
}

/** A label as written becomes one of the other side's labels. */
function resolveWords(
  checker: Checker,
  left: AnalysisNode,
  right: AnalysisNode,
): readonly [AnalysisNode, AnalysisNode] {
  if (left.type.kind === "label" && right.type.kind === "word")
    return [left, resolveWord(checker, right, left.type.labels)];
  if (left.type.kind === "word" && right.type.kind === "label")
    return [resolveWord(checker, left, right.type.labels), right];
  return [left, right];
}

export function resolveWord(checker: Checker, node: AnalysisNode, labels: readonly string[]): AnalysisNode {
  if (node.type.kind !== "word") return node;
  const { context } = checker;
  const at = labels.indexOf(node.type.word);
  if (at >= 0) return context.nodes.constant(at, { kind: "label", labels }, node.span);
  return context.faulty("AM6020", node.span, `\`${node.type.word}\` is no label here`, {
    here: `the labels are ${labels.map((label) => `\`${label}\``).join(", ")}`,
    ...context.suggest(node.type.word, labels),
  });
}

export function checkConditional(checker: Checker, env: Env, tree: Conditional): AnalysisNode {
  const { nodes } = checker.context;
  const condition = checker.expr(env, tree.condition);
  const [then, otherwise] = [checker.expr(env, tree.then), checker.expr(env, tree.otherwise)];
  const isFine = wantBool(checker, condition, "`if`");
  const arms = unify(checker, [otherwise, then], tree.span);
  return isFine && arms !== null ? nodes.choose(condition, arms.nodes, arms.type, tree.span) : nodes.unknown(tree.span);
}

/** `case L { a: X, b: Y, else: Z }`: every label has an arm. */
export function checkCase(checker: Checker, env: Env, tree: Case): AnalysisNode {
  const { context } = checker;
  const { nodes } = context;
  const subject = checker.expr(env, tree.subject);
  const chosen = new Map(tree.arms.map((arm) => [arm.label.text, checker.expr(env, arm.value)]));
  const otherwise = tree.otherwise === null ? null : checker.expr(env, tree.otherwise);
  if (subject.type.kind === "unknown") return nodes.unknown(tree.span);
  if (subject.type.kind !== "label")
    return context.faulty("AM6030", tree.subject.span, "`case` wants a label", {
      here: `this is ${describeType(subject.type)}`,
    });
  const { labels } = subject.type;
  const strange = tree.arms.find((arm) => !labels.includes(arm.label.text));
  if (strange !== undefined)
    return context.faulty("AM6020", strange.label.span, `\`${strange.label.text}\` is no label here`, {
      here: `the labels are ${labels.map((label) => `\`${label}\``).join(", ")}`,
      ...context.suggest(strange.label.text, labels),
    });
  const lacking = labels.filter((label) => !chosen.has(label));
  if (otherwise === null && lacking.length > 0)
    return context.faulty(
      "AM6030",
      tree.span,
      `this \`case\` has no arm for ${lacking.map((label) => `\`${label}\``).join(", ")}`,
      {
        help: "add the arms, or `else: …`",
      },
    );
  const arms = unify(
    checker,
    labels.map((label) => chosen.get(label) ?? otherwise ?? nodes.unknown(tree.span)),
    tree.span,
  );
  return arms === null ? nodes.unknown(tree.span) : nodes.choose(subject, arms.nodes, arms.type, tree.span);
}

/** Arms of one type: numbers, bools, or labels of one set. */
function unify(
  checker: Checker,
  arms: readonly AnalysisNode[],
  span: Span,
): { readonly nodes: readonly AnalysisNode[]; readonly type: AnalysisType } | null {
  if (arms.some((arm) => arm.type.kind === "unknown")) return null;
  const labels =
    arms.map((arm) => (arm.type.kind === "label" ? arm.type.labels : null)).find((own) => own !== null) ?? null;
  const nodes = labels === null ? arms : arms.map((arm) => resolveWord(checker, arm, labels));
  const kinds = new Set(nodes.map((arm) => arm.type.kind));
  const [first] = nodes;
  if (kinds.size === 1 && first !== undefined && first.type.kind !== "word") {
    const type = first.type.kind === "number" ? (isInteger(nodes) ? int : real) : first.type;
    return { nodes, type };
  }
  if (!kinds.has("unknown")) {
    const described = [...new Set(nodes.map((arm) => describeType(arm.type)))].join(", ");
    checker.context.fault("AM6030", span, "the branches are of different types", { here: described });
  }
  return null;
}
