/** Checks one expression over results: trees to nodes. What each form means stands in the files beside this one. */
import type { Expr, Name } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import type { AxisId, ConstantId } from "../typed.js";
import { MOST_PARTS, meansTooMuch } from "../world.js";
import { checkCall } from "./calls.js";
import { Constants } from "./constants.js";
import type { Context } from "./context.js";
import { Declarations } from "./declarations.js";
import { envOf, faulty } from "./environment.js";
import type { Env, Prepared, TensorValue, Value } from "./environment.js";
import type { AnalysisNode, AnalysisType } from "./ir.js";
import { isNamed, valueOfMember, valueOfName } from "./names.js";
import { at, bool, int, real } from "./nodes.js";
import { checkBinary, checkCase, checkComparison, checkConditional, checkUnary } from "./operators.js";
import { checkReduction } from "./reductions.js";
import { takeEnd } from "./steps.js";
import { valueOfSubscript } from "./subscripts.js";

export class Checker {
  readonly constants: Constants;
  private readonly declarations: Declarations;
  private readonly byResultName: ReadonlyMap<string, AxisId>;
  /** All labels of the experiment. */
  private readonly labels: ReadonlySet<string>;
  private readonly calls: string[] = [];
  private parts = 0;

  constructor(
    readonly context: Context,
    /** Of a claim about several experiments: how each of them is read. */
    private readonly experiments: ReadonlyMap<string, Checker> = new Map(),
  ) {
    this.constants = new Constants(context);
    this.declarations = new Declarations(this);
    this.byResultName = axesByName(context);
    this.labels = labelsOf(context);
  }

  /** An expression as a tensor. */
  expr(env: Env, tree: Expr): AnalysisNode {
    const { nodes } = this.context;
    this.parts += 1;
    if (this.parts > MOST_PARTS) return this.exhausted(tree.span);
    switch (tree.kind) {
      case "number":
        return nodes.constant(tree.value, tree.integer ? int : real, tree.span);
      case "boolean":
        return nodes.constant(tree.value ? 1 : 0, bool, tree.span);
      case "name":
      case "member":
      case "subscript":
        return this.tensorOf(tree, this.value(env, tree));
      case "unary":
        return checkUnary(this, env, tree);
      case "binary":
        return checkBinary(this, env, tree);
      case "comparison":
        return checkComparison(this, env, tree);
      case "if":
        return checkConditional(this, env, tree);
      case "case":
        return checkCase(this, env, tree);
      case "call":
        return checkCall(this, env, tree);
      case "reduction":
        return checkReduction(this, env, tree);
      case "missing":
        return nodes.unknown(tree.span);
      case "string":
        return this.context.faulty("AM6030", tree.span, "a text is no value here");
      case "list":
      case "range":
        return this.context.faulty("AM6030", tree.span, "a list is no value here", {
          help: "lists stand after `in`, in a subscript (`x[eta: [1, 10]]`), and as the whole right side of `let x[eta] = […]`",
        });
      case "tuple":
        return this.context.faulty("AM6030", tree.span, "several values stand where one is wanted");
      default:
        return this.context.faulty("AM6007", tree.span, "this can only be computed inside a run", {
          help: "give it a name, record or measure it, and read the result here",
        });
    }
  }

  /** A name, a member, a subscript: what it stands for. */
  value(env: Env, tree: Expr): Value {
    if (tree.kind === "name") return valueOfName(this, env, tree);
    if (tree.kind === "member") return valueOfMember(this, env, tree);
    if (tree.kind === "subscript") return valueOfSubscript(this, env, tree);
    const node = this.expr(env, tree);
    if (node.type.kind === "unknown") return faulty;
    return { kind: "tensor", node, name: this.context.text(tree.span), positional: null, final: false };
  }

  /** Told once: what follows is looked at no more. */
  private exhausted(span: Span): AnalysisNode {
    if (this.parts > MOST_PARTS + 1) return this.context.nodes.unknown(span);
    const { message, help } = meansTooMuch();
    return this.context.faulty("AM4035", span, message, { help });
  }

  private tensorOf(tree: Expr, value: Value): AnalysisNode {
    const { context } = this;
    switch (value.kind) {
      case "tensor":
        return at(value.node, tree.span);
      case "label":
        return context.nodes.constant(0, { kind: "word", word: value.label }, tree.span);
      case "faulty":
        return context.nodes.unknown(tree.span);
      case "phase":
        return context.faulty("AM6030", tree.span, `\`${context.text(tree.span)}\` is a phase, not a value`, {
          help: `name one of its results: \`${context.text(tree.span)}.${[...value.phase.results.keys()][0] ?? "finished"}\``,
        });
      case "component":
        return context.faulty("AM6030", tree.span, `\`${value.name}\` is a component, not a value`, {
          help: "name one of its members",
        });
      case "experiment":
        return context.faulty("AM6030", tree.span, `\`${value.name}\` is an experiment, not a value`, {
          help: `name one of its results: \`${value.name}.fit.loss\``,
        });
      case "fn":
        return context.faulty("AM6030", tree.span, `\`${value.name}\` is a function; give it its arguments`, {
          help: `\`${value.name}(${value.fn.parameters.join(", ")})\``,
        });
      case "list":
      case "lists":
        return context.faulty("AM6030", tree.span, "a list is no value here", {
          help: "lists stand after `in` and in a subscript",
        });
    }
  }

  /** An operand of a comparison: a name that is nothing else here may be a label. */
  operand(env: Env, tree: Expr, beside?: AnalysisType): AnalysisNode {
    const isLabel = (name: Name): boolean =>
      (beside?.kind === "label" && beside.labels.includes(name.text)) ||
      (this.labels.has(name.text) && !isNamed(this, env, name));
    if (tree.kind === "name" && isLabel(tree))
      return this.context.nodes.constant(0, { kind: "word", word: tree.text }, tree.span);
    return this.expr(env, tree);
  }

  /** Numbers known before the run: `[80, 40]`, `1 .. 9`, `[gd, muon]` (as positions among the labels), a list's name. */
  numbers(env: Env, tree: Expr, labels: readonly string[] | null): readonly number[] | null {
    if (tree.kind === "name") {
      const value = this.value(env, tree);
      if (value.kind === "list") return value.values;
      if (value.kind === "lists")
        this.context.notYet(tree.span, "a list that depends on a sweep, whole,", "compare with its entries");
      else if (value.kind !== "faulty")
        this.context.fault("AM6031", tree.span, "a list is wanted here", { help: "`[80, 40]` or `1 .. 9`" });
      return null;
    }
    const items = tree.kind === "list" ? tree.items : tree.kind === "range" ? [tree.from, tree.to] : null;
    if (items === null) {
      this.context.fault("AM6031", tree.span, "a list is wanted here", { help: "`[80, 40]` or `1 .. 9`" });
      return null;
    }
    const values = items.map((item) => this.entry(env, item, labels));
    if (!values.every((value) => value !== null)) return null;
    if (tree.kind === "list") return values;
    const [from = 0, to = -1] = values;
    return Array.from({ length: Math.max(0, Math.floor(to - from) + 1) }, (_, k) => from + k);
  }

  private entry(env: Env, tree: Expr, labels: readonly string[] | null): number | null {
    if (labels !== null) {
      const at = tree.kind === "name" ? labels.indexOf(tree.text) : -1;
      if (at >= 0) return at;
      this.context.fault("AM6020", tree.span, `\`${this.context.text(tree.span)}\` is no label here`, {
        here: `the labels are ${labels.map((label) => `\`${label}\``).join(", ")}`,
      });
      return null;
    }
    const node = this.expr(env, tree);
    if (node.kind === "constant" && node.type.kind === "number") return node.value;
    if (node.type.kind !== "unknown")
      this.context.fault("AM6031", tree.span, "a number known before the run is wanted in this list");
    return null;
  }

  /** Bound names whose axes were not known take them from what they index. */
  adoptAxes(env: Env, parts: readonly AnalysisNode[]): void {
    for (const bound of env.bound) {
      if (bound.range !== null) continue;
      bound.axis ??= parts.flatMap((part) => part.axes).find((axis) => axis.label === bound.label) ?? null;
    }
  }

  /** Goes into a function; false when it calls itself. */
  enter(name: string, span: Span): boolean {
    if (this.calls.length < 100) {
      this.calls.push(name);
      return true;
    }
    this.context.fault("AM6005", span, `\`${name}\` calls itself without end`);
    return false;
  }

  leave(): void {
    this.calls.pop();
  }

  /** Applies subscripts, one after the other; each run's own last record first. */
  applyAll(value: TensorValue, prepared: readonly Prepared[]): Value {
    let { node } = value;
    const isLast = ({ label, selection }: Prepared): boolean =>
      label === "step" && selection.kind === "end" && selection.end === "last";
    for (const { label, selection, span } of [
      ...prepared.filter(isLast),
      ...prepared.filter((item) => !isLast(item)),
    ]) {
      node =
        selection.kind === "end"
          ? takeEnd(this.context, node, label, selection, value.name, span)
          : this.context.nodes.select(node, label, selection, value.name, span);
    }
    return { ...value, node };
  }

  /** A `let` known before the run. */
  constant(id: ConstantId, name: Name): Value {
    const node = this.constants.scalar(id, name.span);
    if (node !== null)
      return { kind: "tensor", node: at(node, name.span), name: name.text, positional: null, final: false };
    const values = this.constants.list(id);
    if (values !== null) return { kind: "list", values };
    const list = this.context.experiment.constants.get(id)?.value;
    return list === undefined || "type" in list ? faulty : { kind: "lists", list };
  }

  /** A `let` or equation over results, outside claims. */
  declared(env: Env, name: Name): Value | null {
    return env.scope === this.context.checked.scope ? this.declarations.value(name) : null;
  }

  /** A result of another experiment, or what is known there before the run. */
  inExperiment(experiment: string, name: Name, place: Span): Value {
    const inside = this.experiments.get(experiment);
    if (inside === undefined) return faulty;
    const { checked, diagnostics } = inside.context;
    const declared = inside.declaredNames();
    if (!checked.scope.has(name.text) && !declared.includes(name.text)) {
      this.context.fault(
        "AM6002",
        place,
        `\`${experiment}\` has no \`${name.text}\``,
        this.context.suggest(name.text, [...checked.scope.keys(), ...declared]),
      );
      return faulty;
    }
    const before = diagnostics.list.length;
    const value = valueOfName(inside, envOf(checked.scope), name);
    // What is wrong with a definition of the experiment is told there.
    if (!declared.includes(name.text))
      for (const diagnostic of diagnostics.list.slice(before)) this.context.diagnostics.add(diagnostic);
    return value;
  }

  declaredNames(): readonly string[] {
    return this.declarations.names();
  }

  /** Checks what no claim or chart has asked for. */
  checkDeclarations(): void {
    this.declarations.checkAll();
  }

  /** The axis that some result has under this name, when it is not in scope itself. */
  axisOfResults(name: string): AxisId | null {
    return this.byResultName.get(name) ?? null;
  }
}

function labelsOf(context: Context): ReadonlySet<string> {
  return new Set(
    [...context.experiment.axes.values()].flatMap(({ kind }) =>
      kind.kind === "labels" || kind.kind === "sweep" ? (kind.labels ?? []) : [],
    ),
  );
}

/** Axes of results by their names as written; names that stand for several axes are left out. */
function axesByName(context: Context): ReadonlyMap<string, AxisId> {
  const found = new Map<string, AxisId>();
  const several = new Set<string>();
  for (const phase of context.phases) {
    for (const { name, axis } of [...phase.results.values()].flatMap((result) => result.axes)) {
      const other = found.get(name);
      if (other !== undefined && other !== axis) several.add(name);
      found.set(name, axis);
    }
  }
  for (const name of several) found.delete(name);
  return found;
}
