/** `let`s and equations over results that stand outside claims: checked when they are first named, in any order. */
import type { Equation, Expr, Let, Name, Target } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import type { Checker } from "./checker.js";
import { envOf, faulty } from "./environment.js";
import type { Env, Value } from "./environment.js";
import type { AnalysisAxis, AnalysisNode } from "./ir.js";
import { literalOf } from "./literals.js";
import { axisOfName } from "./names.js";
import { at } from "./nodes.js";

interface Entry {
  readonly statement: Let | Equation;
  readonly target: Target;
  state: "new" | "running" | Value;
}

export class Declarations {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly checker: Checker) {
    for (const statement of checker.context.checked.statements) {
      if (statement.kind !== "let" && statement.kind !== "equation") continue;
      const targets = statement.kind === "let" ? [statement.target] : statement.targets;
      const [target] = targets;
      if (target === undefined) continue;
      if (targets.length > 1 || target.path.length > 1) {
        checker.context.fault("AM6006", target.span, "an equation over results defines one name, outside components");
        continue;
      }
      this.entries.set(target.path[0]?.text ?? "", { statement, target, state: "new" });
    }
  }

  names(): readonly string[] {
    return [...this.entries.keys()];
  }

  checkAll(): void {
    for (const entry of this.entries.values()) {
      const [name] = entry.target.path;
      if (name !== undefined) this.value(name);
    }
  }

  value(name: Name): Value | null {
    const entry = this.entries.get(name.text);
    if (entry === undefined) return null;
    if (entry.state === "running") {
      this.checker.context.fault("AM6005", name.span, `\`${name.text}\` is defined by itself`, {
        labels: [{ span: entry.target.span, text: "its definition" }],
      });
      return faulty;
    }
    if (entry.state === "new") {
      entry.state = "running";
      entry.state = define(this.checker, envOf(this.checker.context.checked.scope), entry.statement, entry.target);
    }
    return entry.state.kind === "tensor" ? { ...entry.state, node: at(entry.state.node, name.span) } : entry.state;
  }
}

/** The value of a `let` or equation: with brackets it has just those axes, in that order. */
export function define(checker: Checker, env: Env, statement: Let | Equation, target: Target): Value {
  const { value } = statement;
  const name = target.path.map((part) => part.text).join(".");
  const left = target.subscripts === null ? null : leftAxes(checker, env, target);
  if (left === "faulty") return faulty;
  if (value.kind === "list" && left === null) return listOf(checker, env, value);
  const direct: Value[] = [];
  let node = checker.context.complete(() => {
    if (value.kind === "list" && left !== null) return literalOf(checker, env, value, left, name);
    const found = isPath(value) ? checker.value(env, value) : null;
    if (found !== null) direct.push(found);
    if (found !== null && found.kind !== "tensor") return checker.context.nodes.unknown(value.span);
    return expanded(checker, found?.node ?? checker.expr(env, value), left);
  });
  const path = direct[0] ?? null;
  // A slice of a phase, a list, a function under another name.
  if (path !== null && path.kind !== "tensor") return path;
  if (node.type.kind === "unknown") return faulty;
  const allowed = left ?? (statement.kind === "equation" ? [] : null);
  if (allowed !== null && !fits(checker, node, allowed, target, value.span)) return faulty;
  node = at(node, target.span);
  return {
    kind: "tensor",
    node,
    name,
    positional: left?.map((axis) => axis.label) ?? path?.positional ?? null,
    final: path?.final ?? false,
  };
}

function isPath(tree: Expr): boolean {
  return tree.kind === "name" || tree.kind === "member" || tree.kind === "subscript";
}

/** Constant along the axes of the left side that the right side lacks. */
function expanded(checker: Checker, node: AnalysisNode, left: readonly AnalysisAxis[] | null): AnalysisNode {
  const { context } = checker;
  const lacking = (left ?? []).filter((axis) => !node.axes.some((own) => own.label === axis.label));
  return context.nodes.expand(
    node,
    lacking.map((axis) => context.axisNode(axis, false, node.span)),
    node.span,
  );
}

function listOf(checker: Checker, env: Env, value: Extract<Expr, { kind: "list" }>): Value {
  const items = value.items.map((item) => checker.expr(env, item));
  const values = items.map((item) => (item.kind === "constant" ? item.value : NaN));
  if (items.every((item) => item.kind === "constant")) return { kind: "list", values };
  checker.context.fault("AM6031", value.span, "a list of results has no axis to lie along", {
    help: "name its axes: `let x[eta] = […]`",
  });
  return faulty;
}

function leftAxes(checker: Checker, env: Env, target: Target): readonly AnalysisAxis[] | "faulty" {
  const axes: AnalysisAxis[] = [];
  for (const item of target.subscripts ?? []) {
    const name =
      item.name === null && item.value.kind === "expr" && item.value.expr.kind === "name" ? item.value.expr : null;
    const axis = name === null ? null : axisOfName(checker, env, name.text);
    if (axis === null && name !== null && env.scope.get(name.text)?.kind === "faulty") return "faulty";
    if (axis === null) {
      checker.context.fault(
        "AM6006",
        item.span,
        name === null ? "a left side names its axes, nothing else" : `no axis is called \`${name.text}\``,
        {
          ...(name === null ? {} : checker.context.suggest(name.text, env.scope.keys())),
        },
      );
      return "faulty";
    }
    axes.push(axis);
  }
  return axes;
}

function fits(
  checker: Checker,
  node: AnalysisNode,
  left: readonly AnalysisAxis[],
  target: Target,
  span: Span,
): boolean {
  const extra = node.axes.filter((axis) => !left.some((own) => own.label === axis.label));
  if (extra.length === 0) return true;
  const names = extra.map((axis) => `\`${axis.label}\``).join(", ");
  const written = target.path.map((part) => part.text).join(".");
  const all = [...left, ...extra].map((axis) => axis.label).join(", ");
  checker.context.fault("AM6006", target.span, `the right side also varies with ${names}`, {
    here:
      left.length === 0
        ? "the left side names no axes"
        : `the left side names ${left.map((axis) => `\`${axis.label}\``).join(", ")}`,
    labels: [{ span, text: `varies with ${node.axes.map((axis) => `\`${axis.label}\``).join(", ")}` }],
    help: `write \`${written}[${all}]\`, or reduce: \`mean(${extra.map((axis) => axis.label).join(", ")}) …\``,
  });
  return false;
}
