/** What a checked expression mentions: free indices, sweep variables, tensors, whether it is a constant. */
import type { AxisId, Experiment, Expr, Index, IndexId, ListExpr, Subscript } from "./typed.js";

/** The parts of an expression that stand directly in it. */
export function parts(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "number":
    case "boolean":
    case "label":
    case "constant":
    case "sweep":
    case "size":
    case "index":
    case "step":
    case "unknown":
      return [];
    case "read":
      return positions(expr.subscripts);
    case "apply":
      return expr.operands;
    case "if":
      return [expr.condition, expr.then, expr.otherwise];
    case "case":
      return [expr.subject, ...expr.arms];
    case "reduce":
    case "normalise":
      return [expr.where, expr.body, expr.argument].filter((part) => part !== null && part !== undefined);
    case "cross_entropy":
      return [expr.where, expr.logits, expr.target.value].filter((part) => part !== null);
    case "matrix":
      return [expr.body, expr.right, expr.tolerance].filter((part) => part !== null);
    case "assemble":
      return [...expr.pieces.map(({ value }) => value), ...(expr.elsewhere === undefined ? [] : [expr.elsewhere])];
    case "with":
      return [expr.body, ...expr.replacements.map((replacement) => replacement.value)];
    case "grad":
      return [expr.of, ...positions(expr.subscripts), ...(expr.along === undefined ? [] : [expr.along.value])];
    case "sharpness":
      return [expr.of, ...positions(expr.at)];
    case "stop":
      return [expr.operand];
    case "element":
      return [...listParts(expr.list), expr.position];
  }
}

function positions(subscripts: readonly Subscript[]): readonly Expr[] {
  return subscripts.flatMap((subscript) => {
    if (subscript.kind === "product") return positions(subscript.factors);
    return subscript.kind === "position" ? [subscript.value] : [];
  });
}

const sizes = new WeakMap<Expr, number>();

/** How many parts an expression has when what is shared is written out each time. */
export function sizeOf(expr: Expr): number {
  const known = sizes.get(expr);
  if (known !== undefined) return known;
  const size = parts(expr).reduce((sum, part) => sum + sizeOf(part), 1);
  sizes.set(expr, size);
  return size;
}

/** The expressions in a list. */
export function listParts(list: ListExpr): readonly Expr[] {
  switch (list.kind) {
    case "items":
      return list.items;
    case "range":
      return [list.from, list.to];
    case "linspace":
    case "logspace":
      return [list.from, list.to, list.count];
    case "powers":
      return [list.base, ...listParts(list.exponents)];
    case "concat":
      return list.lists.flatMap(listParts);
    case "constant":
      return [];
    case "case":
      return [list.subject, ...list.arms.flatMap(listParts)];
  }
}

const freeOf = new WeakMap<Expr, ReadonlyMap<IndexId, Index>>();

/** The free indices of an expression, in the order in which they appear. */
export function freeIndices(expr: Expr): ReadonlyMap<IndexId, Index> {
  const known = freeOf.get(expr);
  if (known !== undefined) return known;
  const free = new Map<IndexId, Index>();
  const add = (part: Expr, except: readonly Index[] = []): void => {
    for (const [id, index] of freeIndices(part)) if (!except.some((bound) => bound.id === id)) free.set(id, index);
  };
  const addSubscripts = (subscripts: readonly Subscript[]): void => {
    for (const subscript of subscripts) {
      if (subscript.kind === "index") free.set(subscript.index.id, subscript.index);
      else if (subscript.kind === "product") addSubscripts(subscript.factors);
      else add(subscript.value);
    }
  };
  switch (expr.kind) {
    case "index":
      free.set(expr.index.id, expr.index);
      break;
    case "read":
      addSubscripts(expr.subscripts);
      break;
    case "grad":
      add(expr.of);
      addSubscripts(expr.subscripts);
      if (expr.along !== undefined) add(expr.along.value, expr.along.indices);
      break;
    case "sharpness":
      add(expr.of);
      addSubscripts(expr.at);
      break;
    case "reduce":
      for (const part of parts(expr)) add(part, expr.over);
      break;
    case "cross_entropy":
      for (const part of parts(expr)) add(part, [expr.over]);
      break;
    case "normalise":
      for (const part of parts(expr)) add(part);
      for (const index of expr.over) free.set(index.id, index);
      break;
    case "matrix":
      for (const part of parts(expr)) add(part, [expr.rows, expr.columns]);
      for (const index of expr.results) free.set(index.id, index);
      break;
    case "assemble":
      free.set(expr.index.id, expr.index);
      for (const { indices, value } of expr.pieces) add(value, indices);
      if (expr.elsewhere !== undefined) add(expr.elsewhere);
      break;
    case "with":
      add(expr.body);
      for (const { value, indices } of expr.replacements) add(value, indices);
      break;
    default:
      for (const part of parts(expr)) add(part);
  }
  freeOf.set(expr, free);
  return free;
}

export function mentions(expr: Expr, index: Index): boolean {
  return freeIndices(expr).has(index.id);
}

/** Whether the value is known before the run: it reads no tensor, no step, and has no free index. */
export function isConstant(expr: Expr): boolean {
  return freeIndices(expr).size === 0 && isKnown(expr);
}

const knownOf = new WeakMap<Expr, boolean>();

function isKnown(expr: Expr): boolean {
  const known = knownOf.get(expr) ?? isKnownBefore(expr);
  knownOf.set(expr, known);
  return known;
}

function isKnownBefore(expr: Expr): boolean {
  switch (expr.kind) {
    case "read":
    case "step":
    case "grad":
    case "sharpness":
    case "with":
    case "normalise":
    case "cross_entropy":
    case "matrix":
    case "assemble":
    case "unknown":
      return false;
    default:
      return parts(expr).every(isKnown);
  }
}

/** The sweep variables that a constant or list depends on, through other constants and the sizes of axes. */
export function sweepsOf(world: Pick<Experiment, "axes" | "constants">, root: Expr | ListExpr): ReadonlySet<AxisId> {
  const found = new Set<AxisId>();
  const seen = new Set<unknown>();
  const visitAxis = (axis: AxisId): void => {
    const kind = world.axes.get(axis)?.kind;
    if (kind === undefined || seen.has(kind)) return;
    seen.add(kind);
    if (kind.kind === "plain") visit(kind.size);
    else if (kind.kind === "coordinates") visitList(kind.values);
    else if (kind.kind === "range") [kind.from, kind.to].forEach(visit);
    else if (kind.kind === "part") visitList(kind.positions);
    else if (kind.kind === "join") kind.parts.forEach(visitAxis);
    else if (kind.kind === "product") kind.factors.forEach(visitAxis);
  };
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    if (expr.kind === "sweep") found.add(expr.axis);
    else if (expr.kind === "size") visitAxis(expr.axis);
    else if (expr.kind === "constant") visitConstant(expr.constant);
    else if (expr.kind === "element") visitList(expr.list);
    else if (expr.kind === "reduce") expr.over.forEach((index) => visitAxis(index.axis));
    parts(expr).forEach(visit);
  };
  const visitList = (list: ListExpr): void => {
    if (seen.has(list)) return;
    seen.add(list);
    if (list.kind === "constant") visitConstant(list.constant);
    else if (list.kind === "concat") list.lists.forEach(visitList);
    else if (list.kind === "powers") visitList(list.exponents);
    else if (list.kind === "case") list.arms.forEach(visitList);
    listParts(list).forEach(visit);
  };
  const visitConstant = (id: number): void => {
    const value = world.constants.get(id)?.value;
    if (value === undefined || seen.has(value)) return;
    if ("type" in value) visit(value);
    else visitList(value);
  };
  if ("type" in root) visit(root);
  else visitList(root);
  return found;
}
