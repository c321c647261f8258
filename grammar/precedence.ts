/**
 * Builds the tree of one flat list of operands, prefixes and operators by precedence climbing. Loosest first:
 * `or`; `and`; `not`; comparisons and `in`; `..`; `+ - ++`; reductions; `* /`; unary `-`; `^`.
 */
import type { TokenType } from "chevrotain";
import type { Span } from "../src/base/span.js";
import { cover } from "../src/base/span.js";
import type { Fault, Report } from "./faults.js";
import { conditionOnly } from "./reductions.js";
import type { Extent } from "./reductions.js";
import * as t from "./tokens.js";
import type { Tok } from "./tokens.js";
import type { Binary, Binder, Comparator, Expr, Name } from "./tree.js";

/** `sum(i where c)` before its body is known. */
export interface Head {
  readonly kind: "head";
  readonly span: Span;
  readonly name: Name;
  readonly extent: Extent;
  readonly binders: readonly Binder[];
  readonly where: Expr | null;
}
export type Item =
  | { readonly kind: "operator"; readonly token: Tok }
  | { readonly kind: "sign"; readonly token: Tok }
  | Head
  | { readonly kind: "operand"; readonly expr: Expr };

const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARISON = 4;
const RANGE = 5;
const SUM = 6;
const PRODUCT = 7;
const SIGN = 8;
const POWER = 9;

/** How tightly the operators between two operands bind. */
export const levels: ReadonlyMap<TokenType, number> = new Map([
  [t.Or, OR],
  [t.And, AND],
  [t.EqualEqual, COMPARISON],
  [t.NotEqual, COMPARISON],
  [t.Less, COMPARISON],
  [t.LessEqual, COMPARISON],
  [t.Greater, COMPARISON],
  [t.GreaterEqual, COMPARISON],
  [t.In, COMPARISON],
  [t.DotDot, RANGE],
  [t.Plus, SUM],
  [t.Minus, SUM],
  [t.PlusPlus, SUM],
  [t.Star, PRODUCT],
  [t.Slash, PRODUCT],
  [t.Caret, POWER],
  [t.At, 0],
]);

export function combine(items: readonly Item[], file: string, text: string, report: Report): Expr {
  return new Climber(items, file, text, report).all();
}

/** How many operators follow each other on one level: each makes the tree one level higher. */
export function longestChain(items: readonly Item[]): number {
  const chains = new Array<number>(POWER + 1).fill(0);
  let longest = 0;
  for (const item of items) {
    if (item.kind !== "operator") continue;
    const level = levels.get(item.token.tokenType) ?? 0;
    const length = (chains[level] ?? 0) + 1;
    chains.fill(0, level);
    chains[level] = length;
    longest = Math.max(longest, length);
  }
  return longest;
}

class Climber {
  private next = 0;

  constructor(
    private readonly items: readonly Item[],
    private readonly file: string,
    private readonly text: string,
    private readonly report: Report,
  ) {}

  all(): Expr {
    const result = this.climb(OR);
    const rest = this.peek();
    if (rest !== null)
      this.fault("AM1021", rest, "`at` belongs to `cross_entropy(…) … at …` and `solve(…) … at …`", {
        help: "put what stands before it in parentheses if it is their operand",
      });
    return result;
  }

  /** The operator that comes next. */
  private peek(): Tok | null {
    const item = this.items[this.next];
    return item?.kind === "operator" ? item.token : null;
  }

  private climb(least: number): Expr {
    let left = this.prefixed();
    for (;;) {
      const token = this.peek();
      if (token === null) return left;
      const level = levels.get(token.tokenType) ?? 0;
      if (level < least || level === 0) return left;
      if (level === COMPARISON) {
        left = token.tokenType === t.In ? this.membership(left, token) : this.chain(left);
        continue;
      }
      this.next++;
      if (level === RANGE) {
        const to = this.climb(SUM);
        left = { kind: "range", from: left, to, span: cover(left.span, to.span) };
        if (this.peek()?.tokenType === t.DotDot)
          this.fault("AM1001", this.peek(), "a range has two ends", {
            help: "a range with a step is `linspace(a, b, n)`",
          });
        continue;
      }
      // `^` is right-associative and takes a sign: x^-a.
      const right = this.climb(level === POWER ? SIGN : level + 1);
      left = this.binary(left, token, right);
    }
  }

  private binary(left: Expr, token: Tok, right: Expr): Expr {
    const operator = token.image as Binary["operator"];
    return {
      kind: "binary",
      operator: meantOperator(token, operator),
      left,
      right,
      operatorSpan: this.spanOf(token),
      span: cover(left.span, right.span),
    };
  }

  /** A sign, a reduction, or a plain operand. */
  private prefixed(): Expr {
    const item = this.items[this.next++];
    if (item === undefined) throw new Error("an operand is missing in a flat expression");
    if (item.kind === "operand") return item.expr;
    if (item.kind === "head") return this.reduction(item);
    const isNot = item.token.tokenType === t.Not;
    const operand = this.climb(isNot ? NOT : SIGN);
    const span = cover(this.spanOf(item.token), operand.span);
    return { kind: "unary", operator: isNot ? "not" : "-", operand, span };
  }

  private reduction(head: Head): Expr {
    const { name, binders, where } = head;
    const make = (body: Expr, at: Expr | null): Expr => ({
      kind: "reduction",
      name,
      binders,
      where,
      body,
      at,
      over: null,
      span: cover(head.span, (at ?? body).span),
    });
    if (head.extent === "product") return make(this.climb(PRODUCT), null);
    if (head.extent === "chain") return make(this.climb(COMPARISON), null);
    const body = this.climb(SIGN);
    let at: Expr | null = null;
    if (head.extent === "at") {
      if (this.peek()?.tokenType === t.At) {
        this.next++;
        at = this.climb(SIGN);
      } else {
        const what =
          name.text === "solve"
            ? "a right side: `solve(i, j) A[i, j] at b[i]`"
            : "a target: `cross_entropy(class) x[class] at y`";
        this.report({
          code: "AM1021",
          start: name.span.start,
          end: name.span.end,
          message: `\`${name.text}\` needs ${what}`,
        });
      }
    }
    const result = make(body, at);
    this.refuseProduct(head, at ?? body, result);
    return result;
  }

  /** `count(i) a[i] * b` could mean two things, so it is neither. */
  private refuseProduct(head: Head, body: Expr, whole: Expr): void {
    const token = this.peek();
    if (token === null || (token.tokenType !== t.Star && token.tokenType !== t.Slash)) return;
    const mark = token.image;
    const name = head.name.text;
    const start = whole.span.start;
    const [front, operand] = [this.quote(head.span), this.quote(body.span)];
    this.fault("AM1018", token, `\`${name}\` takes one operand, so it is not clear what this \`${mark}\` belongs to`, {
      labels: [{ start: body.span.start, end: body.span.end, text: `the operand of \`${name}\`` }],
      help: `write \`(${front} ${operand}) ${mark} …\` or \`${front} (${operand} ${mark} …)\``,
      fix: {
        title: `put the ${name} in parentheses`,
        edits: [
          { start, end: start, text: "(" },
          { start: whole.span.end, end: whole.span.end, text: ")" },
        ],
      },
    });
  }

  /** A piece of the text, when it is short. */
  private quote(span: Span): string {
    const piece = this.text.slice(span.start, span.end).replace(/\s+/gu, " ");
    return piece.length > 40 ? "…" : piece;
  }

  private membership(left: Expr, token: Tok): Expr {
    this.next++;
    const right = this.climb(RANGE);
    return this.binary(left, token, right);
  }

  /** `a < b <= c`: one direction; `==` goes with either, `!=` stands alone. */
  private chain(first: Expr): Expr {
    const operands = [first];
    const operators: Comparator[] = [];
    const tokens: Tok[] = [];
    for (
      let token = this.peek();
      token !== null && token.tokenType !== t.In && levels.get(token.tokenType) === COMPARISON;
      token = this.peek()
    ) {
      this.next++;
      tokens.push(token);
      operators.push(comparator(token));
      operands.push(this.climb(RANGE));
    }
    const rising = tokens.find((token) => comparator(token).startsWith("<"));
    const falling = tokens.find((token) => comparator(token).startsWith(">"));
    const unequal = tokens.length > 1 ? tokens.find((token) => comparator(token) === "!=") : undefined;
    const help = "join two comparisons by `and`";
    if (rising !== undefined && falling !== undefined) {
      const [early, late] = rising.startOffset < falling.startOffset ? [rising, falling] : [falling, rising];
      this.fault("AM1017", late, `\`${late.image}\` turns the direction of this chain`, {
        labels: [{ start: early.startOffset, end: early.startOffset + early.image.length, text: "the other way here" }],
        help,
      });
    } else if (unequal !== undefined) this.fault("AM1017", unequal, "`!=` cannot be part of a chain", { help });
    const last = operands.at(-1) ?? first;
    return { kind: "comparison", operands, operators, span: cover(first.span, last.span) };
  }

  private spanOf(token: Tok): Span {
    return { file: this.file, start: token.startOffset, end: token.startOffset + token.image.length };
  }

  private fault(code: Fault["code"], token: Tok | null, message: string, more: Partial<Fault>): void {
    if (token === null) return;
    this.report({ ...more, code, message, start: token.startOffset, end: token.startOffset + token.image.length });
  }
}

/** The operator's own spelling also where another was written (`**` for `^`). */
function meantOperator(token: Tok, written: Binary["operator"]): Binary["operator"] {
  const pattern = token.tokenType.PATTERN;
  if (typeof pattern === "string") return pattern as Binary["operator"];
  return token.tokenType === t.And
    ? "and"
    : token.tokenType === t.Or
      ? "or"
      : token.tokenType === t.In
        ? "in"
        : written;
}
function comparator(token: Tok): Comparator {
  const pattern = token.tokenType.PATTERN;
  return (typeof pattern === "string" ? pattern : token.image) as Comparator;
}

/** Whether a head with a condition stands alone: `first(step where c)`. */
export function standsAlone(name: string, where: boolean): boolean {
  return where && conditionOnly.has(name);
}
