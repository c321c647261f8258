/** What an expression over results is checked with: the names around it, and what a name can stand for. */
import type { Span } from "../../base/span.js";
import type { AnalysisAxis, AnalysisNode, Selection } from "./ir.js";
import type { ListExpr, PhaseSignature, ResultName, ResultScope } from "../typed.js";

/** An index variable that a reduction binds. Its axis may be found only when its body is known. */
export interface Bound {
  readonly label: string;
  axis: AnalysisAxis | null;
  /** Of a range `k: 1 .. n`: its values. */
  readonly range: AnalysisNode | null;
  readonly span: Span;
}

export interface Env {
  readonly scope: ResultScope;
  /** Innermost last. */
  readonly bound: readonly Bound[];
  /** `let`s of a claim, parameters of a fn. */
  readonly locals: ReadonlyMap<string, Value>;
  /** Inside a positional subscript an index means its position. */
  readonly positions: boolean;
  /** What `finished` speaks of: the operands of the reduction; null where there is none. */
  readonly subjects: readonly AnalysisNode[] | null;
}

/** What a name, a member or a subscript stands for. */
export type Value =
  | TensorValue
  | {
      readonly kind: "phase";
      readonly phase: PhaseSignature;
      readonly slices: readonly Prepared[];
    }
  | { readonly kind: "component"; readonly name: string; readonly members: ReadonlyMap<string, ResultName> }
  | { readonly kind: "experiment"; readonly name: string }
  | { readonly kind: "fn"; readonly name: string; readonly fn: Extract<ResultName, { kind: "fn" }> }
  /** A list of numbers. */
  | { readonly kind: "list"; readonly values: readonly number[] }
  /** One whose numbers differ from point to point. */
  | { readonly kind: "lists"; readonly list: ListExpr }
  | { readonly kind: "label"; readonly label: string }
  /** A diagnostic has been given. */
  | { readonly kind: "faulty" };

export interface TensorValue {
  readonly kind: "tensor";
  readonly node: AnalysisNode;
  /** In the user's words: `fit.loss`. */
  readonly name: string;
  /** The axes that subscripts without a name stand for, in order; null where there is no such order. */
  readonly positional: readonly string[] | null;
  /** A record that has no `step` axis, of which `[step: last]` is the record itself. */
  readonly final: boolean;
}

/** A subscript that is understood: what is taken of the axis with that label. */
export interface Prepared {
  readonly label: string;
  readonly selection: Selection;
  readonly span: Span;
}

export function envOf(scope: ResultScope): Env {
  return { scope, bound: [], locals: new Map(), positions: false, subjects: null };
}

export const faulty: Value = { kind: "faulty" };
