/** Expressions as short bracketed text, so that tests can say what binds how. */
import type { Argument, Expr, SubscriptItem, Target } from "../../grammar/tree.js";
import { parse, parseExpression } from "../../grammar/index.js";
import type { Statement } from "../../grammar/tree.js";

export function show(expr: Expr): string {
  switch (expr.kind) {
    case "name":
      return expr.text;
    case "number":
      return String(expr.value);
    case "boolean":
      return String(expr.value);
    case "string":
      return JSON.stringify(expr.value);
    case "missing":
      return "?";
    case "list":
      return `[${expr.items.map(show).join(", ")}]`;
    case "tuple":
      return `tuple(${expr.items.map(show).join(", ")})`;
    case "range":
      return `(${show(expr.from)} .. ${show(expr.to)})`;
    case "member":
      return `${show(expr.object)}.${expr.name.text}`;
    case "subscript":
      return `${show(expr.object)}[${expr.items.map(showItem).join(", ")}]`;
    case "call":
      return `${show(expr.callee)}(${expr.args.map(showArgument).join(", ")})`;
    case "unary":
      return `(${expr.operator} ${show(expr.operand)})`;
    case "binary":
      return `(${show(expr.left)} ${expr.operator} ${show(expr.right)})`;
    case "comparison":
      return `(${expr.operands.map((operand, i) => (i === 0 ? "" : `${expr.operators[i - 1] ?? "?"} `) + show(operand)).join(" ")})`;
    case "if":
      return `(if ${show(expr.condition)} then ${show(expr.then)} else ${show(expr.otherwise)})`;
    case "case": {
      const arms = expr.arms.map((arm) => `${arm.label.text}: ${show(arm.value)}`);
      if (expr.otherwise !== null) arms.push(`else: ${show(expr.otherwise)}`);
      return `case ${show(expr.subject)} {${arms.join(", ")}}`;
    }
    case "reduction": {
      const binders = expr.binders.map(({ name, value }) =>
        [name?.text, value === null ? undefined : show(value)].filter((part) => part !== undefined).join(": "),
      );
      const over = expr.over === null ? "" : ` over ${expr.over.map((name) => name.text).join(", ")}`;
      const where = expr.where === null ? "" : ` where ${show(expr.where)}`;
      const body = expr.body === null ? "" : ` ${show(expr.body)}`;
      const at = expr.at === null ? "" : ` at ${show(expr.at)}`;
      return `{${expr.name.text}(${binders.join(", ")}${over}${where})${body}${at}}`;
    }
    case "with": {
      const parts = expr.replacements.map(({ target, value }) => `${showTarget(target)} = ${show(value)}`);
      return `(${show(expr.body)} with ${expr.tuple === null ? parts.join(", ") : show(expr.tuple)})`;
    }
    case "block":
      return `block of ${expr.statements.length}`;
    case "iterate":
      return `iterate ${show(expr.count)} from ${showTarget(expr.target)} = ${show(expr.start)} {${expr.body.length}}`;
    case "joined":
      return expr.parts.map(({ part, value }) => `${part.text}: ${show(value)}`).join(" | ");
  }
}

export function showTarget({ path, subscripts }: Target): string {
  const name = path.map((part) => part.text).join(".");
  return subscripts === null ? name : `${name}[${subscripts.map(showItem).join(", ")}]`;
}

function showItem({ name, value }: SubscriptItem): string {
  const label = name === null ? "" : `${name.text}: `;
  switch (value.kind) {
    case "whole":
      return `${label}:`;
    case "rest":
      return `${label}..`;
    case "position":
      return `${label}#${show(value.expr)}`;
    case "near":
      return `${label}near ${show(value.expr)}`;
    case "expr":
      return label + show(value.expr);
  }
}

function showArgument(argument: Argument): string {
  if (argument.kind === "positional") return show(argument.value);
  if (argument.kind === "named") return `${argument.name.text}: ${show(argument.value)}`;
  return `<${argument.statement.kind}>`;
}

/** Parses one expression that must be right, and shows it. */
export function shown(text: string): string {
  const { expr, diagnostics } = parseExpression({ file: "test.amem", text });
  if (diagnostics.length > 0) return diagnostics.map(({ code, message }) => `${code} ${message}`).join("; ");
  return show(expr);
}

/** The statements of a text that must be right. */
export function statements(text: string): readonly Statement[] {
  const { tree, diagnostics } = parse({ file: "test.amem", text });
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("; "));
  return tree.statements;
}

/** The only statement of a text that must be right, of a given kind. */
export function statement<K extends Statement["kind"]>(kind: K, text: string): Extract<Statement, { kind: K }> {
  const [first, ...more] = statements(text);
  if (first === undefined || more.length > 0)
    throw new Error(`${more.length + (first === undefined ? 0 : 1)} statements`);
  if (first.kind !== kind) throw new Error(`a statement of kind ${first.kind}`);
  return first as Extract<Statement, { kind: K }>;
}

/** The codes that a text is answered with. */
export function codes(text: string): string[] {
  return parse({ file: "test.amem", text }).diagnostics.map(({ code }) => code);
}
