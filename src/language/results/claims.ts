/** Claims: each `expect` as a condition, with the comparisons in it that a verdict can measure. */
import type { Claim, Expect } from "../../../grammar/tree.js";
import type { Atom, CheckedClaim, CheckedExpectation } from "./checked.js";
import type { Checker } from "./checker.js";
import { define } from "./declarations.js";
import { envOf } from "./environment.js";
import type { Env, Value } from "./environment.js";
import type { AnalysisNode } from "./ir.js";
import { bool } from "./nodes.js";
import { wantBool } from "./operators.js";

/** A claim; expectations that could not be understood are left out (a diagnostic says so). */
export function checkClaim(checker: Checker, claim: Claim): CheckedClaim {
  const { context } = checker;
  const locals = new Map<string, Value>();
  const env: Env = { ...envOf(context.checked.scope), locals };
  const expectations: CheckedExpectation[] = [];
  for (const statement of claim.body) {
    if (statement.kind === "let" || statement.kind === "equation") {
      const target = statement.kind === "let" ? statement.target : statement.targets[0];
      if (target === undefined) continue;
      const name = target.path.map((part) => part.text).join(".");
      const value = define(checker, env, statement, target);
      if (locals.has(name))
        context.fault("AM6005", target.span, `\`${name}\` is defined twice in this claim`, {
          help: "give one of them another name",
        });
      locals.set(name, value);
    } else if (statement.kind === "expect") {
      const checked = checkExpect(checker, env, statement);
      if (checked !== null) expectations.push(checked);
    } else context.fault("AM6008", statement.span, "a claim holds `let`, equations and `expect`");
  }
  if (claim.body.every((statement) => statement.kind !== "expect"))
    context.fault("AM6008", claim.name.span, `\`${claim.name.text}\` expects nothing`, { help: "add `expect …`" });
  return {
    name: claim.name.text,
    title: claim.title,
    doc: claim.doc,
    expectedFails: claim.expectedFails === null ? null : { reason: claim.expectedFails.reason },
    expectations,
    span: claim.span,
  };
}

function checkExpect(checker: Checker, env: Env, tree: Expect): CheckedExpectation | null {
  const { context } = checker;
  const { condition, where } = context.completeAll(() => {
    const made = checker.expr(env, tree.condition);
    const mask = tree.where === null ? null : checker.expr({ ...env, subjects: [made] }, tree.where);
    return { made: { condition: made, where: mask }, nodes: mask === null ? [made] : [made, mask] };
  });
  const fine = [wantBool(checker, condition, "`expect`"), where === null || wantBool(checker, where, "`where`")];
  if (fine.includes(false)) return null;
  if (where !== null) context.nodes.merge([condition, where], tree.span);
  const { share } = tree;
  const axes = [...condition.axes, ...(where?.axes ?? [])].map((axis) => axis.label);
  if (share !== null && !axes.includes(share.of.text)) {
    context.fault("AM6010", share.of.span, `what is expected does not vary with \`${share.of.text}\``, {
      here:
        axes.length === 0
          ? "it is a single value"
          : `its axes are ${[...new Set(axes)].map((label) => `\`${label}\``).join(", ")}`,
    });
    return null;
  }
  return {
    text: expectText(context.text(tree.span)),
    condition,
    where,
    share: share === null ? null : { fraction: share.fraction, of: share.of.text },
    atoms: atomsOf(checker, condition, null) ?? [],
    span: tree.span,
  };
}

function expectText(text: string): string {
  return text.replace(/^expect\s+/, "");
}

const comparators: Readonly<Record<string, Atom["comparator"]>> = {
  eq: "==",
  eq_coordinate: "==",
  ne: "!=",
  ne_coordinate: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  approx_rel: "approx",
  approx_abs: "approx",
};
const opposites: Readonly<Record<string, Atom["comparator"]>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/** The comparisons that must all hold; null when the condition is made otherwise (`or`, `if`, a bool that was measured). */
function atomsOf(checker: Checker, node: AnalysisNode, where: AnalysisNode | null): readonly Atom[] | null {
  if (node.kind === "in") {
    return [
      {
        ...sides(checker, node.operand, null),
        comparator: "in",
        right: null,
        tolerance: null,
        values: node.values,
        where,
      },
    ];
  }
  if (node.kind === "reduce" && node.reducer === "all")
    return atomsOf(checker, node.body, both(checker, where, node.where));
  if (node.kind !== "apply") return null;
  const [left, right, tolerance] = node.operands;
  if (node.operation === "and" && left !== undefined && right !== undefined) {
    const parts = [left, right].map((part) => atomsOf(checker, part, where));
    return parts.every((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
  }
  if (node.operation === "not" && left !== undefined) {
    const [only, ...more] = atomsOf(checker, left, where) ?? [];
    const opposite = only === undefined ? undefined : opposites[only.comparator];
    return only === undefined || opposite === undefined || more.length > 0 || left.kind === "reduce"
      ? null
      : [{ ...only, comparator: opposite }];
  }
  const comparator = comparators[node.operation];
  if (comparator === undefined || left === undefined || right === undefined || left.type.kind !== "number") return null;
  const allowed = tolerance === undefined ? null : { node: tolerance, relative: node.operation === "approx_rel" };
  return [{ ...sides(checker, left, right), comparator, right, tolerance: allowed, values: null, where }];
}

function sides(
  checker: Checker,
  left: AnalysisNode,
  right: AnalysisNode | null,
): Pick<Atom, "left" | "leftText" | "rightText"> {
  const { context } = checker;
  return { left, leftText: context.text(left.span), rightText: right === null ? "" : context.text(right.span) };
}

function both(checker: Checker, first: AnalysisNode | null, second: AnalysisNode | null): AnalysisNode | null {
  if (first === null || second === null) return first ?? second;
  return checker.context.nodes.apply("and", [first, second], bool, second.span);
}
