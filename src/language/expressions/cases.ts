/** `case L { a: X, b: Y, else: Z }` on a label: expressions, lists, and whatever else may be chosen. */
import type { Case, Expr as TreeExpr } from "../../../grammar/tree.js";
import { evaluateConstant } from "../constants.js";
import { isConstant, sweepsOf } from "../mentions.js";
import type { Env } from "../scopes.js";
import { suggestion } from "../suggest.js";
import type { Expr } from "../typed.js";
import type { World } from "../world.js";
import { coordinate, faulty, typeName, unify, unknown } from "./build.js";
import { checkExpr } from "./check.js";

/** The subject, and for each of its labels the arm. */
export interface Arms {
  readonly subject: Expr;
  readonly labels: readonly string[];
  readonly trees: readonly TreeExpr[];
  /** Where the label is known now: its arm is the only one that counts. */
  readonly only: number | null;
}

/** The arms in the order of the labels; null after a fault. */
export function checkArms(world: World, env: Env, tree: Case): Arms | null {
  const subject = coordinate(world, env, checkExpr(world, env, tree.subject));
  if (subject.kind === "unknown") return null;
  if (subject.type.kind !== "label") {
    faulty(world, env, "AM3007", tree.subject.span, "`case` chooses by a label", {
      here: `this is ${typeName(world, subject.type)}`,
      help: "use `if … then … else …` for numbers and truth values",
    });
    return null;
  }
  const { labels } = subject.type;
  const written = new Map<string, TreeExpr>();
  for (const arm of tree.arms) {
    if (!labels.includes(arm.label.text)) {
      // A template may know more labels than the one that is given to it has.
      if (env.scope.origin() !== null) continue;
      faulty(world, env, "AM2013", arm.label.span, `there is no label \`${arm.label.text}\` here`, {
        here: `the labels are ${labels.map((label) => `\`${label}\``).join(", ")}`,
        ...suggestion(arm.label.text, labels),
      });
    } else if (written.has(arm.label.text))
      faulty(world, env, "AM2002", arm.label.span, `there are two arms for \`${arm.label.text}\``);
    else written.set(arm.label.text, arm.value);
  }
  const missing = labels.filter((label) => !written.has(label));
  if (missing.length > 0 && tree.otherwise === null) {
    faulty(
      world,
      env,
      "AM3008",
      tree.span,
      `this \`case\` has no arm for ${missing.map((label) => `\`${label}\``).join(", ")}`,
      {
        help: "add it, or an arm `else: …`",
      },
    );
    return null;
  }
  const trees = labels.map((label) => written.get(label) ?? tree.otherwise).filter((arm) => arm !== null);
  const isKnown = isConstant(subject) && sweepsOf(world, subject).size === 0;
  const only = isKnown ? evaluateConstant(subject, { experiment: world, sweeps: new Map() }) : null;
  return { subject, labels, trees, only };
}

export function checkCase(world: World, env: Env, tree: Case): Expr {
  const found = checkArms(world, env, tree);
  if (found === null) return unknown(tree.span);
  const checked = new Map<TreeExpr, Expr>();
  for (const arm of found.trees) if (!checked.has(arm)) checked.set(arm, checkExpr(world, env, arm));
  const arms = found.trees.map((arm) => checked.get(arm) ?? unknown(arm.span));
  const chosen = found.only === null ? undefined : arms[found.only];
  if (chosen !== undefined) return chosen;
  const unified = unify(world, env, arms);
  if (unified === null) {
    return faulty(world, env, "AM3006", tree.span, "the arms of this `case` have different types", {
      labels: [...new Set(arms)].map((arm) => ({ span: arm.span, text: typeName(world, arm.type) })),
    });
  }
  if (unified.exprs.some((arm) => arm.kind === "unknown")) return unknown(tree.span, unified.type);
  return { kind: "case", subject: found.subject, arms: unified.exprs, type: unified.type, span: tree.span };
}
