/** Paths and keys that differ from point to point: `"{set}.npz"`. Which of the files is read is an int that sweeps decide. */
import type { Argument, Expr as TreeExpr } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { constantExpr } from "./axes.js";
import { atPoints } from "./bounds.js";
import { evaluateConstant } from "./constants.js";
import { apply, bool, faulty, int, number } from "./expressions/build.js";
import { envOf, type Scope } from "./scopes.js";
import type { Expr } from "./typed.js";
import type { World } from "./world.js";

/** What stands for the names in braces, for each file. */
export type Filling = ReadonlyMap<string, string>;

export interface DataPoints {
  readonly fillings: readonly Filling[];
  /** Which of them a point has; null where there is one. */
  readonly chosen: Expr | null;
}

const hole = /\{([\p{L}_][\p{L}\d_]*'*)\}/gu;

/** Fills in the names of a text. */
export const filled = (text: string, filling: Filling): string =>
  text.replaceAll(hole, (written, name: string) => filling.get(name) ?? written);

/** Null where a name means nothing that is known before the run, which has been told. */
export function dataPoints(world: World, scope: Scope, trees: readonly TreeExpr[]): DataPoints | null {
  const spans = new Map<string, Span>();
  for (const tree of trees)
    for (const { value, span } of stringsIn(tree))
      for (const [, name = ""] of value.matchAll(hole)) if (!spans.has(name)) spans.set(name, span);
  if (spans.size === 0) return { fillings: [new Map()], chosen: null };
  const env = { ...envOf(scope), indices: [] };
  const parts = [...spans].map(([text, span]): readonly [string, Expr] => [
    text,
    constantExpr(world, env, { kind: "name", text, span }, `\`{${text}}\` in a path or key`),
  ]);
  if (parts.some(([, part]) => part.kind === "unknown")) return null;
  for (const [name, part] of parts)
    if (part.type.kind !== "int" && part.type.kind !== "real" && part.type.kind !== "label") {
      faulty(world, env, "AM3010", part.span, `\`{${name}}\` is neither a number nor a label`);
      return null;
    }
  return choices(world, scope, parts);
}

function choices(world: World, scope: Scope, parts: readonly (readonly [string, Expr])[]): DataPoints | null {
  const span = parts[0]?.[1].span ?? { file: "", start: 0, end: 0 };
  const all = parts.map(([, part]) => part);
  const rows = atPoints(world, { kind: "apply", operation: "add", operands: all, type: int, span }, (sweeps) =>
    all.map((part) => evaluateConstant(part, { experiment: world, sweeps })),
  );
  const different = [...new Map((rows ?? []).map((row) => [row.join(), row])).values()];
  if (different.length === 0) {
    faulty(world, envOf(scope), "AM3010", span, "the values that stand in this path or key are not known here", {
      help: "they may be constants and sweep variables, up to 4096 points of them",
    });
    return null;
  }
  const fillings = different.map(
    (row) => new Map(parts.map(([name, part], k) => [name, shown(part, row[k] ?? NaN)] as const)),
  );
  return { fillings, chosen: different.length === 1 ? null : chain(different, all, span) };
}

/** How a value is written in a path: a label by its name. */
function shown({ type }: Expr, value: number): string {
  return type.kind === "label" ? (type.labels[value] ?? "") : String(value);
}

/** The place of the row that the point has. */
function chain(rows: readonly (readonly number[])[], parts: readonly Expr[], span: Span): Expr {
  const last = rows.length - 1;
  return rows.slice(0, -1).reduceRight<Expr>(
    (otherwise, row, place) => ({
      kind: "if",
      condition: parts
        .map((part, k) => apply("eq", [part, number(row[k] ?? NaN, part.type, span)], bool, span))
        .reduce((all, each) => apply("and", [all, each], bool, span)),
      then: number(place, int, span),
      otherwise,
      type: int,
      span,
    }),
    number(last, int, span),
  );
}

/** A number that differs from file to file. */
export function chosenNumber(chosen: Expr | null, values: readonly number[], span: Span): Expr {
  const [first = 0] = values;
  if (chosen === null || values.every((value) => value === first)) return number(first, int, span);
  const different = [...new Set(values)];
  return different.slice(1).reduce<Expr>(
    (otherwise, wanted) => {
      const places = values.flatMap((value, place) => (value === wanted ? [place] : []));
      const condition = places
        .map((place) => apply("eq", [chosen, number(place, int, span)], bool, span))
        .reduce((any, each) => apply("or", [any, each], bool, span));
      return { kind: "if", condition, then: number(wanted, int, span), otherwise, type: int, span };
    },
    number(first, int, span),
  );
}

function stringsIn(tree: TreeExpr): readonly { readonly value: string; readonly span: Span }[] {
  switch (tree.kind) {
    case "string":
      return [tree];
    case "call":
      return tree.args.flatMap((argument) => (argument.kind === "replacement" ? [] : stringsIn(argument.value)));
    case "list":
      return tree.items.flatMap(stringsIn);
    case "range":
      return [tree.from, tree.to].flatMap(stringsIn);
    default:
      return [];
  }
}

/** The same tree with the names in its strings filled in. */
export function withFilling(tree: TreeExpr, filling: Filling): TreeExpr {
  const inside = (part: TreeExpr): TreeExpr => withFilling(part, filling);
  switch (tree.kind) {
    case "string":
      return { ...tree, value: filled(tree.value, filling) };
    case "call":
      return {
        ...tree,
        args: tree.args.map((argument): Argument =>
          argument.kind === "replacement" ? argument : { ...argument, value: inside(argument.value) },
        ),
      };
    case "list":
      return { ...tree, items: tree.items.map(inside) };
    case "range":
      return { ...tree, from: inside(tree.from), to: inside(tree.to) };
    default:
      return tree;
  }
}
