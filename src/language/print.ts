/** Checked experiments as text: for comparing versions of a spec (`facts.ts`), and for people who work on the compiler. */
import type {
  Assignment,
  Axis,
  Definition,
  DefinitionBody,
  Draw,
  Experiment,
  Expr,
  Index,
  Initial,
  ListExpr,
  Phase,
  PhaseStatement,
  ScalarType,
  Subscript,
  Sweep,
} from "./typed.js";

export class Printer {
  constructor(private readonly experiment: Pick<Experiment, "axes" | "constants" | "definitions">) {}

  axisName(id: number): string {
    return this.experiment.axes.get(id)?.name ?? `axis ${id}`;
  }

  definitionName(id: number): string {
    return this.experiment.definitions.get(id)?.name ?? `definition ${id}`;
  }

  constantName(id: number): string {
    return this.experiment.constants.get(id)?.name ?? `constant ${id}`;
  }

  index(index: Index): string {
    return `${index.name}#${index.id}`;
  }

  bound(index: Index): string {
    return `${this.index(index)}: ${this.axisName(index.axis)}`;
  }

  type(type: ScalarType): string {
    if (type.kind === "index") return `index(${this.axisName(type.axis)})`;
    return type.kind === "label" ? `label{${type.labels.join(",")}}` : type.kind;
  }

  subscripts(list: readonly Subscript[]): string {
    const one = (subscript: Subscript): string =>
      subscript.kind === "index"
        ? this.index(subscript.index)
        : subscript.kind === "product"
          ? `(${subscript.factors.map(one).join(", ")})`
          : `${subscript.bounds} ${subscript.within === undefined ? "" : `${this.axisName(subscript.within)}: `}${this.expr(subscript.value)}`;
    return list.length === 0 ? "" : `[${list.map(one).join(", ")}]`;
  }

  expr(expr: Expr): string {
    switch (expr.kind) {
      case "number":
        return `${expr.value}${expr.type.kind === "real" && Number.isInteger(expr.value) ? ".0" : ""}`;
      case "boolean":
        return String(expr.value);
      case "label":
        return expr.type.kind === "label" ? `'${expr.type.labels[expr.position] ?? "?"}` : `'${expr.position}`;
      case "constant":
        return this.constantName(expr.constant);
      case "sweep":
        return this.axisName(expr.axis);
      case "size":
        return `size(${this.axisName(expr.axis)})`;
      case "index":
        return this.index(expr.index);
      case "step":
        return "step";
      case "read":
        return this.definitionName(expr.definition) + this.subscripts(expr.subscripts);
      case "apply":
        return `${expr.operation}${expr.exponent ?? ""}(${expr.operands.map((operand) => this.expr(operand)).join(", ")})`;
      case "if":
        return `if ${this.expr(expr.condition)} then ${this.expr(expr.then)} else ${this.expr(expr.otherwise)}`;
      case "case":
        return `case ${this.expr(expr.subject)} {${expr.arms.map((arm) => this.expr(arm)).join(" | ")}}`;
      case "reduce":
        return `${expr.reducer}(${this.over(expr.over, expr.where, expr.argument)}) ${this.expr(expr.body)}`;
      case "normalise":
        return `${expr.normaliser}(${this.over(expr.over, expr.where, expr.argument)}) ${this.expr(expr.body)}`;
      case "cross_entropy":
        return `cross_entropy(${this.over([expr.over], expr.where)}) ${this.expr(expr.logits)} at ${expr.target.kind === "soft" ? "soft" : (expr.target.bounds ?? "position")} ${this.expr(expr.target.value)}`;
      case "matrix": {
        const { operation, part, rows, columns, results, right, tolerance } = expr;
        const given = `${this.bound(rows)}, ${this.bound(columns)}${tolerance === null ? "" : `, tol: ${this.expr(tolerance)}`}`;
        const over = results.map((index) => this.bound(index)).join(", ");
        return `${operation}${part === null ? "" : ` ${part}`}[${over}](${given}) ${this.expr(expr.body)}${right === null ? "" : ` at ${this.expr(right)}`}`;
      }
      case "assemble":
        return `assemble(${this.bound(expr.index)}; ${expr.pieces.map(({ indices, value }) => `${indices.map((index) => this.bound(index)).join(", ")}: ${this.expr(value)}`).join(" | ")}${expr.elsewhere === undefined ? "" : ` | ${this.expr(expr.elsewhere)}`})`;
      case "with": {
        const replaced = expr.replacements.map(
          (one) =>
            `${this.definitionName(one.definition)}[${one.indices.map((index) => this.bound(index)).join(", ")}] = ${this.expr(one.value)}`,
        );
        return `(${this.expr(expr.body)} with ${replaced.join(", ")})`;
      }
      case "grad":
        return `grad(${this.expr(expr.of)}, ${this.definitionName(expr.by)})${this.subscripts(expr.subscripts)}${expr.mapped === undefined ? "" : ` mapped ${expr.mapped.join(" ")}`}${expr.along === undefined ? "" : ` along [${expr.along.indices.map((index) => this.bound(index)).join(", ")}] ${this.expr(expr.along.value)}`}`;
      case "sharpness":
        return `sharpness(${this.expr(expr.of)}, ${this.definitionName(expr.by)}${expr.at.length === 0 ? "" : this.subscripts(expr.at)})`;
      case "stop":
        return `stop(${this.expr(expr.operand)})`;
      case "element":
        return `${this.list(expr.list)}[${this.expr(expr.position)}]`;
      case "unknown":
        return "?";
    }
  }

  private over(indices: readonly Index[], where: Expr | null, argument?: Expr): string {
    const list = indices.map((index) => this.bound(index));
    if (argument !== undefined) list.push(this.expr(argument));
    return `${list.join(", ")}${where === null ? "" : ` where ${this.expr(where)}`}`;
  }

  list(list: ListExpr): string {
    switch (list.kind) {
      case "items":
        return `[${list.items.map((item) => this.expr(item)).join(", ")}]`;
      case "range":
        return `${this.expr(list.from)}..${this.expr(list.to)}`;
      case "linspace":
      case "logspace":
        return `${list.kind}(${this.expr(list.from)}, ${this.expr(list.to)}, ${this.expr(list.count)})`;
      case "powers":
        return `powers(${this.expr(list.base)}, ${this.list(list.exponents)})`;
      case "concat":
        return `concat(${list.lists.map((part) => this.list(part)).join(", ")})`;
      case "constant":
        return this.constantName(list.constant);
      case "case":
        return `case ${this.expr(list.subject)} {${list.arms.map((arm) => this.list(arm)).join(" | ")}}`;
    }
  }

  axis(axis: Axis): string {
    const { kind, name } = axis;
    switch (kind.kind) {
      case "plain":
        return `axis ${name} = ${this.expr(kind.size)}`;
      case "coordinates":
        return `axis ${name} in ${this.list(kind.values)}${kind.integer === true ? " (ints)" : ""}`;
      case "labels":
        return `axis ${name} in {${kind.labels.join(", ")}}`;
      case "range":
        return `axis ${name}: ${this.expr(kind.from)} .. ${this.expr(kind.to)}`;
      case "part":
        return `axis ${name} = ${this.axisName(kind.whole)}[${this.list(kind.positions)}]`;
      case "join":
        return `axis ${name} = ${kind.parts.map((part) => this.axisName(part)).join(" ++ ")}`;
      case "product":
        return `axis ${name} = ${kind.factors.map((factor) => this.axisName(factor)).join(" * ")}`;
      case "sweep":
        return `sweep ${name}${kind.labels === null ? (kind.integer ? ": int" : ": real") : ` {${kind.labels.join(", ")}}`}`;
    }
  }

  sweep(sweep: Sweep): string {
    const { values } = sweep;
    const points =
      values.kind === "labels"
        ? "labels"
        : values.kind === "list"
          ? this.list(values.list)
          : values.rows.map((row) => `(${row.map((entry) => this.expr(entry)).join(", ")})`).join(" ");
    return `points (${sweep.axes.map((axis) => this.axisName(axis)).join(", ")}) ${points}${sweep.where === null ? "" : ` where ${this.expr(sweep.where)}`}${sweep.adaptive === undefined ? "" : ` ${sweep.adaptive.mode} …`}`;
  }

  draw(draw: Draw): string {
    const { distribution, by } = draw;
    const args =
      distribution.kind === "normal"
        ? [this.expr(distribution.mean), this.expr(distribution.sd)]
        : distribution.kind === "uniform"
          ? [this.expr(distribution.low), this.expr(distribution.high)]
          : distribution.kind === "gamma"
            ? [this.expr(distribution.shape), this.expr(distribution.scale)]
            : distribution.kind === "poisson"
              ? [this.expr(distribution.mean)]
              : distribution.kind === "bernoulli"
                ? [this.expr(distribution.p)]
                : distribution.kind === "choice"
                  ? [this.axisName(distribution.axis)]
                  : distribution.kind === "among"
                    ? [`${this.expr(distribution.from)}..${this.expr(distribution.to)}`]
                    : distribution.kind === "categorical"
                      ? [this.bound(distribution.over), this.expr(distribution.weights)]
                      : distribution.kind === "rademacher"
                        ? []
                        : [this.index(distribution.along)];
    return `~ ${distribution.kind}(${args.join(", ")})${by === null ? "" : ` by (${by.map((part) => this.expr(part)).join(", ")})`}`;
  }

  private initial(init: Initial): string {
    return init.kind === "draw" ? this.draw(init.draw) : `= ${this.expr(init.value)}`;
  }

  private body(body: DefinitionBody): string {
    switch (body.kind) {
      case "equation":
        return `= ${this.expr(body.value)}`;
      case "literal":
        return `= literal ${body.entries.map((entry) => this.expr(entry)).join(" ")}`;
      case "draw": {
        const { each } = body;
        const when = each === undefined ? "" : each.every === null ? " each step" : ` every ${this.expr(each.every)}`;
        return this.draw(body.draw) + when;
      }
      case "param":
      case "state":
        return this.initial(body.init);
      case "data":
        return `= data ${body.dataset} "${body.column}"`;
      case "stacked":
        return `= stacked ${body.along} ${body.parts.map((part) => this.definitionName(part)).join(" ")}`;
      case "turn":
        return `= turn of scan ${body.scan}`;
      case "scanned":
        return `= state ${body.state} of scan ${body.scan}`;
      case "scan stack":
        return `= stack ${body.stacked} of scan ${body.scan} ${body.along}`;
      case "left":
        return `= left ${body.phase} "${body.value}"`;
      case "gradient":
        return `= gradient by ${this.definitionName(body.parameter)}`;
    }
  }

  definition(definition: Definition): string {
    const { body, axes, name, type } = definition;
    const word = body.kind === "param" || body.kind === "state" ? `${body.kind} ` : "";
    const brackets = axes.length === 0 ? "" : `[${axes.map((index) => this.bound(index)).join(", ")}]`;
    return `${word}${name}${brackets}: ${this.type(type)} ${this.body(body)}`;
  }

  private assignment(assignment: Assignment): string {
    const one = (target: Assignment["targets"][number]): string =>
      `${this.definitionName(target.definition)}${target.axes.length === 0 ? "" : `[${target.axes.map((index) => this.bound(index)).join(", ")}]`} <- ${this.expr(target.value)}${target.where === null ? "" : ` where ${this.expr(target.where)}`}`;
    const { asynchronously } = assignment;
    const order = asynchronously?.order;
    const how = order === null ? "in order" : order === undefined ? "" : this.definitionName(order.definition);
    const after = asynchronously === undefined ? "" : ` asynchronously over ${this.bound(asynchronously.over)} ${how}`;
    return assignment.targets.map(one).join("; ") + after;
  }

  statement(statement: PhaseStatement, indent: string): readonly string[] {
    switch (statement.kind) {
      case "snapshot":
        return [`${indent}snapshot ${this.definitionName(statement.definition)}`];
      case "assign":
        return [indent + this.assignment(statement.assignment)];
      case "minimize":
        return [
          `${indent}minimize ${this.expr(statement.objective)}`,
          ...statement.prepared.statements.flatMap((inner) => this.statement(inner, `${indent}  first `)),
          ...statement.updates.flatMap((update) => [
            `${indent}  over ${this.definitionName(update.parameter)}${update.states.length === 0 ? "" : ` (states ${update.states.map((id) => this.definitionName(id)).join(", ")})`}`,
            ...update.statements.flatMap((inner) => this.statement(inner, `${indent}    `)),
          ]),
        ];
    }
  }

  phase(phase: Phase): readonly string[] {
    const names = (axes: readonly number[]): string => axes.map((axis) => this.axisName(axis)).join(", ");
    return [
      `${phase.sort} ${phase.name} over (${names(phase.axes)}) structural (${names(phase.structural)}) after (${phase.after.join(", ")})`,
      ...(phase.count === null ? [] : [`  for ${this.expr(phase.count)} steps`]),
      ...phase.statements.flatMap((statement) => this.statement(statement, "  ")),
      ...(phase.stop === null
        ? []
        : [
            `  ${phase.holds === true ? "until" : phase.holds === false ? "stop when" : "until or stop when"} ${this.expr(phase.stop)}`,
          ]),
      ...phase.records.map(({ steps, entries }) => {
        const when =
          steps.kind === "every"
            ? `every ${this.expr(steps.count)}`
            : steps.kind === "at"
              ? `at ${this.list(steps.steps)}`
              : steps.kind;
        return `  record ${when} { ${entries.map(({ name, definition }) => `${name} = ${this.definitionName(definition)}`).join(", ")} }`;
      }),
      ...phase.results.map(({ name, definition }) => `  result ${name} = ${this.definitionName(definition)}`),
      ...(phase.changes.length === 0
        ? []
        : [`  changes ${phase.changes.map((id) => this.definitionName(id)).join(", ")}`]),
    ];
  }
}

export function printExpr(experiment: Pick<Experiment, "axes" | "constants" | "definitions">, expr: Expr): string {
  return new Printer(experiment).expr(expr);
}

export function printExperiment(experiment: Experiment): string {
  const printer = new Printer(experiment);
  const constants = [...experiment.constants.values()].map(
    ({ name, value }) => `let ${name} = ${"type" in value ? printer.expr(value) : printer.list(value)}`,
  );
  return [
    `experiment ${experiment.name} ${experiment.precision}`,
    ...[...experiment.axes.values()].filter(({ id }) => id !== 0).map((axis) => printer.axis(axis)),
    ...experiment.sweeps.map((sweep) => printer.sweep(sweep)),
    ...constants,
    ...[...experiment.definitions.values()].map((definition) => printer.definition(definition)),
    ...experiment.phases.flatMap((phase) => printer.phase(phase)),
    "",
  ].join("\n");
}
