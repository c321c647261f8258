/** Gives free indices of an expression other identities: what is lifted out of a place gets indices of its own. */
import type { Expr, Index, IndexId, ListExpr, Subscript } from "../typed.js";
import { freeIndices } from "../mentions.js";

export function rename(expr: Expr, names: ReadonlyMap<IndexId, Index>): Expr {
  if (names.size === 0) return expr;
  const done = new Map<Expr, Expr>();
  const visit = (part: Expr): Expr => {
    const known = done.get(part);
    if (known !== undefined) return known;
    const free = freeIndices(part);
    const result = [...names.keys()].some((id) => free.has(id)) ? inside(part) : part;
    done.set(part, result);
    return result;
  };
  const index = (old: Index): Index => names.get(old.id) ?? old;
  const subscripts = (list: readonly Subscript[]): readonly Subscript[] =>
    list.map((subscript) =>
      subscript.kind === "index"
        ? { ...subscript, index: index(subscript.index) }
        : subscript.kind === "product"
          ? { ...subscript, factors: subscripts(subscript.factors) }
          : { ...subscript, value: visit(subscript.value) },
    );
  const inside = (part: Expr): Expr => {
    switch (part.kind) {
      case "index": {
        const renamed = index(part.index);
        return { ...part, index: renamed };
      }
      case "read":
        return { ...part, subscripts: subscripts(part.subscripts) };
      case "apply":
        return { ...part, operands: part.operands.map(visit) };
      case "if":
        return { ...part, condition: visit(part.condition), then: visit(part.then), otherwise: visit(part.otherwise) };
      case "case":
        return { ...part, subject: visit(part.subject), arms: part.arms.map(visit) };
      case "reduce":
        return {
          ...part,
          where: part.where === null ? null : visit(part.where),
          body: visit(part.body),
          ...(part.argument === undefined ? {} : { argument: visit(part.argument) }),
        };
      case "normalise":
        return {
          ...part,
          over: part.over.map(index),
          where: part.where === null ? null : visit(part.where),
          body: visit(part.body),
          ...(part.argument === undefined ? {} : { argument: visit(part.argument) }),
        };
      case "cross_entropy":
        return {
          ...part,
          where: part.where === null ? null : visit(part.where),
          logits: visit(part.logits),
          target: { ...part.target, value: visit(part.target.value) },
        };
      case "matrix":
        return {
          ...part,
          rows: index(part.rows),
          columns: index(part.columns),
          results: part.results.map(index),
          body: visit(part.body),
          right: part.right === null ? null : visit(part.right),
          tolerance: part.tolerance === null ? null : visit(part.tolerance),
        };
      case "assemble":
        return {
          ...part,
          index: index(part.index),
          pieces: part.pieces.map((piece) => ({ ...piece, value: visit(piece.value) })),
          ...(part.elsewhere === undefined ? {} : { elsewhere: visit(part.elsewhere) }),
        };
      case "with":
        return {
          ...part,
          body: visit(part.body),
          replacements: part.replacements.map((old) => ({ ...old, value: visit(old.value) })),
        };
      case "grad":
        return {
          ...part,
          of: visit(part.of),
          subscripts: subscripts(part.subscripts),
          ...(part.along === undefined ? {} : { along: { ...part.along, value: visit(part.along.value) } }),
        };
      case "sharpness":
        return { ...part, of: visit(part.of), at: subscripts(part.at) };
      case "stop":
        return { ...part, operand: visit(part.operand) };
      case "element":
        return { ...part, list: renameList(part.list, visit), position: visit(part.position) };
      default:
        return part;
    }
  };
  return visit(expr);
}

function renameList(list: ListExpr, visit: (part: Expr) => Expr): ListExpr {
  return list.kind === "items" ? { ...list, items: list.items.map(visit) } : list;
}
