/** Axes: sizes, coordinates, labels. */
import type { AxisDeclaration, Expr as TreeExpr, Name } from "../../grammar/tree.js";
import { checkMadeAxis } from "./axis-relations.js";
import { checkExpr } from "./expressions/check.js";
import { checkList } from "./expressions/lists.js";
import { faulty } from "./expressions/build.js";
import { entryOf } from "./infer.js";
import { isConstant } from "./mentions.js";
import { envOf, type Env, type Scope } from "./scopes.js";
import type { AxisId, Expr } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

export function checkAxis(world: World, scope: Scope, declaration: AxisDeclaration): AxisId {
  const env = envOf(scope);
  const { value, name } = declaration;
  const full = scope.prefix + name.text;
  switch (value.kind) {
    case "labels":
      return world.addAxis(full, { kind: "labels", labels: checkLabels(world, scope, value.labels) }, name.span);
    case "in": {
      const list = checkList(world, env, value.expr);
      if (list === null) return unknownAxis;
      return world.addAxis(
        full,
        { kind: "coordinates", values: list.list, integer: list.type.kind === "int" },
        name.span,
      );
    }
    case "is": {
      const made = checkMadeAxis(world, scope, value.expr, name, full);
      if (made !== null) return made;
      const alias = entryOf(env, value.expr);
      if (alias?.kind === "axis" && value.expr.kind === "member") return alias.axis.get();
      const size = checkSize(world, env, value.expr, `the size of axis \`${name.text}\``);
      return size.kind === "unknown" ? unknownAxis : world.addAxis(full, { kind: "plain", size }, name.span);
    }
  }
}

/** Labels of an axis or a sweep; one twice is a fault. */
export function checkLabels(world: World, scope: Scope, labels: readonly Name[]): readonly string[] {
  const seen = new Map<string, Name>();
  for (const label of labels) {
    const first = seen.get(label.text);
    if (first === undefined) seen.set(label.text, label);
    else {
      world.report(scope, {
        code: "AM2002",
        span: label.span,
        message: `the label \`${label.text}\` occurs twice`,
        labels: [{ span: first.span, text: "first here" }],
      });
    }
  }
  return [...seen.keys()];
}

/** An int that is known before the run. */
export function checkSize(world: World, env: Env, tree: TreeExpr, what: string): Expr {
  const size = constantExpr(world, env, tree, what);
  if (size.kind === "unknown" || size.type.kind === "int") return size;
  return faulty(world, env, "AM3003", tree.span, `${what} has to be an int`, {
    here: size.type.kind === "real" ? "this is a real number" : "this is no number",
    ...(size.type.kind === "real" ? { help: "write `round(…)`, `floor(…)` or `ceil(…)`" } : {}),
  });
}

/** An expression that must be known before the run. */
export function constantExpr(world: World, env: Env, tree: TreeExpr, what: string): Expr {
  const value = checkExpr(world, env, tree);
  if (value.kind === "unknown" || isConstant(value)) return value;
  return faulty(world, env, "AM4009", tree.span, `${what} has to be known before the run`, {
    here: "this is not: it depends on a tensor, an index or the step",
    help: "it may be made of numbers, `let`s, sweep variables and sizes of axes",
  });
}
