/** Lists of numbers that are known before the run: values of sweeps and axes, steps of records. */
import type { Table } from "../described.js";
import type { Argument, Call, Expr as TreeExpr } from "../../../grammar/tree.js";
import { constantExpr } from "../axes.js";
import type { Env } from "../scopes.js";
import type { Expr, ListExpr, ScalarType } from "../typed.js";
import type { World } from "../world.js";
import { faulty, int, real, typeName, unify } from "./build.js";
import { checkArms } from "./cases.js";

export interface CheckedList {
  readonly list: ListExpr;
  readonly type: ScalarType;
}

export function checkList(world: World, env: Env, tree: TreeExpr): CheckedList | null {
  const { span } = tree;
  switch (tree.kind) {
    case "list": {
      const items = tree.items.map((item) => constantExpr(world, env, item, "an entry of a list"));
      if (items.some((item) => item.kind === "unknown")) return null;
      const unified = unify(world, env, items);
      if (unified !== null)
        return { list: { kind: "items", items: unified.exprs, span }, type: items.length === 0 ? int : unified.type };
      refuse(world, env, tree, "the entries of this list have different types", items);
      return null;
    }
    case "range": {
      const ends = [tree.from, tree.to].map((end) => intEnd(world, env, end));
      const [from, to] = ends;
      if (from === undefined || to === undefined || ends.some((end) => end.kind === "unknown")) return null;
      return { list: { kind: "range", from, to, span }, type: int };
    }
    case "call":
      return checkListCall(world, env, tree);
    case "case": {
      const arms = checkArms(world, env, tree);
      const lists = arms?.trees.map((arm) => checkList(world, env, arm));
      if (arms === null || lists === undefined || lists.some((list) => list === null)) return null;
      const found = lists.filter((list) => list !== null);
      const only = arms.only === null ? undefined : found[arms.only];
      if (only !== undefined) return only;
      const type = found.every((list) => list.type.kind === "int") ? int : real;
      return { list: { kind: "case", subject: arms.subject, arms: found.map(({ list }) => list), span }, type };
    }
    case "name": {
      const entry = env.scope.lookup(tree.text);
      const constant = entry?.kind === "constant" ? entry.value.get() : null;
      if (constant?.list === true)
        return { list: { kind: "constant", constant: constant.id, span }, type: constant.type };
      if (entry?.kind === "faulty" || (entry?.kind === "constant" && constant === null)) return null;
      break;
    }
    case "missing":
      return null;
    default:
  }
  refuse(world, env, tree, "a list is wanted here");
  return null;
}

function refuse(world: World, env: Env, tree: TreeExpr, message: string, items: readonly Expr[] = []): void {
  faulty(world, env, "AM3009", tree.span, message, {
    labels: items.map((item) => ({ span: item.span, text: typeName(world, item.type) })),
    ...(items.length === 0
      ? { help: "for example `[1, 2, 5]`, `0..9`, `linspace(0, 1, 11)`, `logspace(0.1, 10, 5)`, `powers(2, 1..10)`" }
      : {}),
  });
}

function intEnd(world: World, env: Env, tree: TreeExpr): Expr {
  const end = constantExpr(world, env, tree, "the end of a range");
  if (end.kind === "unknown" || end.type.kind === "int") return end;
  return faulty(world, env, "AM3003", tree.span, "the ends of a range are ints", {
    here: `this is ${typeName(world, end.type)}`,
  });
}

/** Lists of sweeps, coordinates, steps of records. */
export const listCalls: Table = {
  linspace: { form: "linspace(a, b, n)", says: "n numbers from a to b at equal distances" },
  logspace: { form: "logspace(a, b, n)", says: "n numbers from a to b at equal ratios" },
  powers: { form: "powers(b, 1..4)", says: "the powers of b" },
  concat: { form: "concat(l1, l2)", says: "one list after the other" },
};

/** Whether a call makes a list. */
export function isListCall(tree: TreeExpr): boolean {
  return tree.kind === "call" && tree.callee.kind === "name" && Object.hasOwn(listCalls, tree.callee.text);
}

function checkListCall(world: World, env: Env, tree: Call): CheckedList | null {
  const name = tree.callee.kind === "name" ? tree.callee.text : "";
  const args = tree.args.map(argumentValue);
  const { span } = tree;
  if (!isListCall(tree) || args.some((arg) => arg === null)) {
    refuse(world, env, tree, "a list is wanted here");
    return null;
  }
  const trees = args.filter((arg) => arg !== null);
  if (name === "concat") {
    const lists = trees.map((arg) => checkList(world, env, arg)).filter((list) => list !== null);
    if (lists.length < trees.length) return null;
    return {
      list: { kind: "concat", lists: lists.map(({ list }) => list), span },
      type: lists.every(({ type }) => type.kind === "int") ? int : real,
    };
  }
  const wanted = name === "powers" ? ["base", "exponents"] : ["from", "to", "count"];
  if (trees.length !== wanted.length) {
    faulty(world, env, "AM3010", span, `\`${name}\` takes ${wanted.length} arguments, and ${trees.length} are given`, {
      help: `write \`${name}(${wanted.join(", ")})\``,
    });
    return null;
  }
  const [first, second, third] = trees;
  if (first === undefined || second === undefined) return null;
  const from = constantExpr(world, env, first, `the first argument of \`${name}\``);
  if (name === "powers") {
    const exponents = checkList(world, env, second);
    if (exponents === null || from.kind === "unknown") return null;
    const type = from.type.kind === "int" && exponents.type.kind === "int" ? int : real;
    return { list: { kind: "powers", base: from, exponents: exponents.list, span }, type };
  }
  const to = constantExpr(world, env, second, `the second argument of \`${name}\``);
  if (third === undefined) return null;
  const count = intEnd(world, env, third);
  if ([from, to, count].some((part) => part.kind === "unknown")) return null;
  return { list: { kind: name === "linspace" ? "linspace" : "logspace", from, to, count, span }, type: real };
}

function argumentValue(argument: Argument): TreeExpr | null {
  return argument.kind === "positional" ? argument.value : null;
}
