/** Lists whose numbers differ from point to point, over results: their lengths and entries as nodes. */
import type { Span } from "../../base/span.js";
import type { Expr, ListExpr } from "../typed.js";
import type { Indices } from "./constants.js";
import type { Context } from "./context.js";
import type { AnalysisNode, AnalysisOperation } from "./ir.js";
import { bool, int, real } from "./nodes.js";

export class Lists {
  constructor(
    private readonly context: Context,
    /** A constant as a node. */
    private readonly expr: (expr: Expr, indices: Indices) => AnalysisNode,
  ) {}

  length(list: ListExpr, indices: Indices, span: Span): AnalysisNode {
    const { nodes, known } = this.context;
    const numbers = known.list(list);
    if (numbers !== null) return nodes.constant(numbers.length, int, span);
    switch (list.kind) {
      case "items":
        return nodes.constant(list.items.length, int, span);
      case "range": {
        const [from, to] = [this.expr(list.from, indices), this.expr(list.to, indices)];
        const length = this.int("add", this.int("sub", to, from, span), this.whole(1, span), span);
        return this.int("max", length, this.whole(0, span), span);
      }
      case "linspace":
      case "logspace":
        return this.expr(list.count, indices);
      case "powers":
        return this.length(list.exponents, indices, span);
      case "concat":
        return list.lists
          .map((part) => this.length(part, indices, span))
          .reduce((sum, part) => this.int("add", sum, part, span), this.whole(0, span));
      case "constant":
        return this.length(this.constant(list), indices, span);
      case "case": {
        const arms = list.arms.map((arm) => this.length(arm, indices, span));
        return nodes.choose(this.expr(list.subject, indices), arms, int, span);
      }
    }
  }

  /** Outside of the list nothing is chosen: no value. */
  entry(list: ListExpr, position: AnalysisNode, indices: Indices, span: Span): AnalysisNode {
    const { nodes, known } = this.context;
    const numbers = known.list(list);
    if (numbers !== null) {
      const arms = numbers.map((value) => nodes.constant(value, real, span));
      return nodes.choose(position, arms, real, span);
    }
    switch (list.kind) {
      case "items": {
        const arms = list.items.map((item) => this.expr(item, indices));
        return nodes.choose(position, arms, real, span);
      }
      case "range": {
        const value = this.int("add", this.expr(list.from, indices), position, span);
        return this.inside(position, this.length(list, indices, span), value, span);
      }
      case "linspace":
      case "logspace":
        return this.ofGrid(list, position, indices, span);
      case "powers": {
        const exponent = this.entry(list.exponents, position, indices, span);
        return nodes.apply("pow", [this.expr(list.base, indices), exponent], real, span);
      }
      case "concat": {
        const [first, ...rest] = list.lists;
        if (first === undefined) return nodes.choose(position, [], real, span);
        const length = this.length(first, indices, span);
        const behind = this.int("sub", position, length, span);
        const others = this.entry({ ...list, lists: rest }, behind, indices, span);
        const isBehind = nodes.apply("ge", [position, length], bool, span);
        return nodes.choose(isBehind, [this.entry(first, position, indices, span), others], real, span);
      }
      case "constant":
        return this.entry(this.constant(list), position, indices, span);
      case "case": {
        const arms = list.arms.map((arm) => this.entry(arm, position, indices, span));
        return nodes.choose(this.expr(list.subject, indices), arms, real, span);
      }
    }
  }

  /** As in a run: the ends are themselves, not sums. */
  private ofGrid(
    list: Extract<ListExpr, { readonly kind: "linspace" | "logspace" }>,
    position: AnalysisNode,
    indices: Indices,
    span: Span,
  ): AnalysisNode {
    const { nodes } = this.context;
    const number = (operation: AnalysisOperation, ...operands: readonly AnalysisNode[]): AnalysisNode =>
      nodes.apply(operation, operands, real, span);
    const [from, to] = [this.expr(list.from, indices), this.expr(list.to, indices)];
    const count = this.expr(list.count, indices);
    const last = this.int("sub", count, this.whole(1, span), span);
    const share = number("div", position, last);
    const between =
      list.kind === "linspace"
        ? number("add", from, number("mul", number("sub", to, from), share))
        : number("mul", from, number("pow", number("div", to, from), share));
    const isLast = nodes.apply("eq", [position, last], bool, span);
    const isFirst = nodes.apply("eq", [position, this.whole(0, span)], bool, span);
    const value = nodes.choose(isFirst, [nodes.choose(isLast, [between, to], real, span), from], real, span);
    return this.inside(position, count, value, span);
  }

  private inside(position: AnalysisNode, length: AnalysisNode, value: AnalysisNode, span: Span): AnalysisNode {
    const { nodes } = this.context;
    const isIn = nodes.apply(
      "and",
      [
        nodes.apply("ge", [position, this.whole(0, span)], bool, span),
        nodes.apply("lt", [position, length], bool, span),
      ],
      bool,
      span,
    );
    // Place 0 where it is inside, place -1, which no arm has, where it is not.
    const place = this.int("sub", nodes.apply("real", [isIn], int, span), this.whole(1, span), span);
    return nodes.choose(place, [value], real, span);
  }

  private constant(list: Extract<ListExpr, { readonly kind: "constant" }>): ListExpr {
    const value = this.context.experiment.constants.get(list.constant)?.value;
    if (value === undefined || "type" in value) throw new Error(`constant ${list.constant} is no list`);
    return value;
  }

  private int(operation: AnalysisOperation, left: AnalysisNode, right: AnalysisNode, span: Span): AnalysisNode {
    return this.context.nodes.apply(operation, [left, right], int, span);
  }

  private whole(value: number, span: Span): AnalysisNode {
    return this.context.nodes.constant(value, int, span);
  }
}
