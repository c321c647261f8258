/**
 * Draws inside of a `scan`: what is random in them is drawn for all positions beforehand, and made into the value where the states
 * are known that its parameters name. `x ~ normal(s, 1)` is `s + 1 z[t]`, of a standard normal z.
 */
import type {
  Call,
  DrawEquation,
  Equation,
  Expr,
  Name,
  Scan,
  Statement,
  SubscriptItem,
  Target,
} from "../../grammar/tree.js";
import type { Span } from "../base/span.js";

export interface Undrawn {
  readonly tree: Scan;
  readonly draws: readonly DrawEquation[];
}

/** The scan with draws as equations of what is drawn beforehand, where that is possible; others are made in the iterations. */
export function withoutDraws(tree: Scan, around: readonly Scan[] = []): Undrawn {
  const scans = [...around, tree];
  const draws: DrawEquation[] = [];
  const body = tree.body.flatMap((statement): readonly Statement[] => {
    if (statement.kind === "scan") {
      const inner = withoutDraws(statement, scans);
      draws.push(...inner.draws);
      return [inner.tree];
    }
    const made = statement.kind === "draws" ? beforehand(statement, scans) : null;
    if (made === null) return [statement];
    draws.push(made.draw);
    return made.equations;
  });
  return { tree: { ...tree, body }, draws };
}

function beforehand(
  statement: DrawEquation,
  scans: readonly Scan[],
): { readonly draw: DrawEquation; readonly equations: readonly Equation[] } | null {
  const { target, distribution, by, span } = statement;
  const call = distribution.kind === "call" && distribution.callee.kind === "name" ? distribution : null;
  const written = namesOf(target);
  const [first] = target.path;
  if (call === null || first === undefined || written === null) return null;
  const missing = scans.filter(({ index }) => !written.some(({ text }) => text === index.text));
  const positions = [...missing.map(({ index }) => index), ...written];
  const along = positions.map((name) => axisOf(name, scans));
  const axes = along.filter((axis) => axis !== null);
  // An axis twice is drawn in the iterations: a left side names each of its indices once.
  if (axes.length < along.length || new Set(axes.map(({ text }) => text)).size < axes.length) return null;
  const name: Name = { ...first, text: `${first.text} draw` };
  const noise: Expr = { kind: "subscript", object: name, items: positions.map(item), span };
  const own = written.filter(({ text }) => !scans.some(({ index }) => index.text === text));
  const value = transformed(call, noise, first, own, span);
  if (value === null) return null;
  const draw: DrawEquation = {
    ...statement,
    target: { ...target, path: [name], subscripts: axes.map(item) },
    distribution: value.standard,
    by,
  };
  const equation: Equation = { kind: "equation", targets: [target], value: value.made, doc: statement.doc, span };
  return { draw, equations: value.weights === undefined ? [equation] : [value.weights, equation] };
}

const item = (name: Name): SubscriptItem => ({ name: null, value: { kind: "expr", expr: name }, span: name.span });

/** The indices of a target, if all are names. */
function namesOf({ subscripts }: Target): readonly Name[] | null {
  const names = (subscripts ?? []).map(({ value }) =>
    value.kind === "expr" && value.expr.kind === "name" ? value.expr : null,
  );
  const found = names.filter((name) => name !== null);
  return found.length < names.length ? null : found;
}

/** What an index ranges over by its name; null for a scan over no axis with a name. */
function axisOf(name: Name, scans: readonly Scan[]): Name | null {
  const scan = scans.find(({ index }) => index.text === name.text);
  if (scan === undefined) return name;
  if (scan.over === null) return scan.index;
  return scan.over.kind === "name" ? { ...scan.over, span: name.span } : null;
}

interface Transformed {
  /** What is drawn beforehand. */
  readonly standard: Call;
  readonly made: Expr;
  /** What is computed of the parameters first. */
  readonly weights?: Equation;
}

function transformed(call: Call, noise: Expr, drawn: Name, own: readonly Name[], span: Span): Transformed | null {
  const name = call.callee.kind === "name" ? call.callee.text : "";
  const [first, second] = call.args.map((argument) => (argument.kind === "positional" ? argument.value : null));
  const number = (value: number): Expr => ({ kind: "number", value, integer: true, span });
  const named = (text: string): Name => ({ kind: "name", text, span });
  const standard = (law: string, ...values: readonly number[]): Call => ({
    kind: "call",
    callee: named(law),
    args: values.map((value) => ({ kind: "positional", value: number(value), span })),
    span,
  });
  const binary = (operator: "+" | "-" | "*", left: Expr, right: Expr): Expr => ({
    kind: "binary",
    operator,
    left,
    right,
    operatorSpan: span,
    span,
  });
  const compare = (operator: "<" | ">", left: Expr, right: Expr): Expr => ({
    kind: "comparison",
    operands: [left, right],
    operators: [operator],
    span,
  });
  const along = (reduction: string, index: Name, body: Expr): Expr => ({
    kind: "reduction",
    name: named(reduction),
    binders: [{ name: index, value: null, span }],
    where: null,
    body,
    at: null,
    over: null,
    span,
  });
  const given = call.args.length;
  switch (name) {
    case "normal":
      if (!first || !second || given !== 2) return null;
      return { standard: standard("normal", 0, 1), made: binary("+", first, binary("*", second, noise)) };
    case "uniform":
      if (!first || !second || given !== 2) return null;
      return {
        standard: standard("uniform", 0, 1),
        made: binary("+", first, binary("*", binary("-", second, first), noise)),
      };
    case "bernoulli":
      if (!first || given !== 1) return null;
      return { standard: standard("uniform", 0, 1), made: compare("<", noise, first) };
    case "categorical": {
      if (first?.kind !== "name" || !second || given !== 2) return null;
      if (own.some(({ text }) => text === first.text)) return null;
      const name = named(`${drawn.text} weights`);
      const other = named(`${first.text}'''`);
      const upTo = (index: Name): Expr =>
        along("cumsum", index, { kind: "subscript", object: name, items: [...own, index].map(item), span });
      const target: Target = { path: [name], subscripts: [...own, first].map(item), span };
      const weights: Equation = { kind: "equation", targets: [target], value: second, doc: null, span };
      // The first place at which the weights up to it exceed a share of all of them.
      const isBeyond = compare(">", upTo(first), binary("*", noise, along("max", other, upTo(other))));
      const one: Expr = { kind: "if", condition: isBeyond, then: number(1), otherwise: number(0), span };
      return { standard: standard("uniform", 0, 1), made: along("argmax", first, one), weights };
    }
    case "rademacher":
    case "choice":
    case "permutation":
    case "on_sphere":
      return { standard: call, made: noise };
    default:
      return null;
  }
}
