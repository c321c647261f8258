/** Statements that declare names: each becomes an entry that is worked out when it is first used. */
import type {
  DrawEquation,
  DrawStatement,
  Equation,
  Let,
  Param,
  State,
  Statement,
  Target,
} from "../../grammar/tree.js";
import { checkAxis } from "./axes.js";
import { checkSteps } from "./batches.js";
import { declareComponent } from "./components.js";
import { checkEquation, checkParam, checkState, type Header } from "./tensors.js";
import { checkDrawn } from "./draws.js";
import { faulty } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { labelNamed } from "./expressions/resolve.js";
import { checkList, isListCall } from "./expressions/lists.js";
import { bindTarget } from "./indices.js";
import { declareScan } from "./scans.js";
import { isConstant } from "./mentions.js";
import { declare, envOf, type ConstantEntry, type Env, type Scope, type Tensor, type TensorEntry } from "./scopes.js";
import type { Expr } from "./typed.js";
import { declareTuple, tupleNamed } from "./declared-tuples.js";
import { unknownAxis, type World } from "./world.js";

/** Declares what can be declared anywhere; returns the statements that are something else. */
export function declareStatements(
  world: World,
  scope: Scope,
  statements: readonly Statement[],
  stepping = false,
): readonly Statement[] {
  return statements.filter((statement) => !declareStatement(world, scope, statement, stepping));
}

/** Whether the statement was a declaration. */
export function declareStatement(world: World, scope: Scope, statement: Statement, stepping = false): boolean {
  switch (statement.kind) {
    case "axis": {
      const { name } = statement;
      const axis = world.lazy(
        scope,
        name.text,
        name.span,
        () => checkAxis(world, scope, statement),
        () => unknownAxis,
      );
      const { value } = statement;
      const labels = value.kind === "labels" ? { labels: [...new Set(value.labels.map(({ text }) => text))] } : {};
      declare(world, scope, { kind: "axis", name: name.text, span: name.span, axis, ...labels });
      world.pending.push(() => axis.get());
      return true;
    }
    case "let":
      declareLet(world, scope, statement, stepping);
      return true;
    case "equation": {
      const tuple = tupleNamed(envOf(scope), statement);
      if (tuple !== null) {
        declareTuple(world, scope, statement, tuple, stepping);
        return true;
      }
      statement.targets.forEach((target, pick) => declareTensor(world, scope, statement, target, pick, stepping));
      return true;
    }
    case "state": {
      const tuple = tupleNamed(envOf(scope), statement);
      if (tuple === null) declareTensor(world, scope, statement, statement.target, 0, stepping);
      else declareTuple(world, scope, statement, tuple, stepping);
      return true;
    }
    case "draws":
    case "param":
      declareTensor(world, scope, statement, statement.target, 0, stepping);
      return true;
    case "fn":
      declare(world, scope, { kind: "fn", name: statement.name.text, span: statement.name.span, fn: statement, scope });
      return true;
    case "component":
      declareComponent(world, scope, statement);
      return true;
    case "scan":
      declareScan(world, scope, statement, stepping);
      return true;
    default:
      return false;
  }
}

/** Statements that declare a tensor. */
export type TensorStatement = Equation | DrawEquation | DrawStatement | Param | State;

export function declareTensor(
  world: World,
  scope: Scope,
  statement: TensorStatement,
  target: Target,
  pick: number,
  stepping: boolean,
): void {
  const [name, ...others] = target.path;
  if (name === undefined) return;
  if (others.length > 0) {
    world.report(scope, {
      code: "AM2020",
      span: target.span,
      message: "a member is defined inside its component, not from outside",
      help: "give it as an argument where the component is made: `M = template(…, e[token, dim] = …)`",
    });
    return;
  }
  const entry = tensorEntry(world, envOf(scope, { stepping }), scope, { statement, target, pick });
  declare(world, scope, entry);
  world.pending.push(() => entry.tensor.get());
}

export interface TensorSource {
  readonly statement: TensorStatement;
  readonly target: Target;
  readonly pick: number;
}

/** A tensor under the name of its target; `env` is where its right side stands, `scope` where it is declared. */
export function tensorEntry(
  world: World,
  env: Env,
  scope: Scope,
  source: TensorSource,
  replaced: TensorEntry | null = null,
): TensorEntry {
  const { statement, target, pick } = source;
  const written = target.path[0];
  const name = written?.text ?? "";
  const span = written?.span ?? target.span;
  const trees = treesOf(statement);
  const bound = world.lazy(
    scope,
    name,
    span,
    () => bindTarget(world, env, target, trees, replaced?.axes.get() ?? null),
    () => ({ indices: [], named: [], rest: null, products: [] }),
  );
  const axes = world.lazy(
    scope,
    name,
    span,
    () =>
      bound
        .get()
        .indices.map(
          (index, k) =>
            replaced?.axes.get()[k] ?? { name: index.name, axis: index.axis, span: target.span, bound: index.span },
        ),
    () => [],
  );
  const compute = (): Tensor | null => {
    const header: Header = {
      name: scope.prefix + name,
      shown: name,
      span: replaced?.declared ?? target.span,
      doc: statement.doc,
      bound: bound.get(),
      axes: axes.get(),
      over: scope.over,
    };
    switch (statement.kind) {
      case "equation":
        return checkEquation(world, env, header, statement.value, statement.targets.length, pick);
      case "draws":
        return forbidden(world, scope, statement)
          ? null
          : checkDrawn(world, env, header, statement.distribution, statement.by, scope.redrawn ?? undefined);
      case "draw":
        return checkDrawn(world, env, header, statement.distribution, statement.by, {
          every: drawnEvery(world, env, statement),
        });
      case "param":
        return forbidden(world, scope, statement) ? null : checkParam(world, env, header, statement.init);
      case "state":
        return forbidden(world, scope, statement) ? null : checkState(world, env, header, statement.init);
    }
  };
  return {
    kind: "tensor",
    name,
    span: replaced?.span ?? span,
    declared: replaced?.declared ?? target.span,
    axes,
    tensor: world.lazy<Tensor | null>(scope, name, span, compute, () => null),
    ...(scope.over.length === 0 ? {} : { over: scope.over }),
  };
}

export function drawnEvery(world: World, env: Env, { every }: DrawStatement): Expr | null {
  return every === null ? null : checkSteps(world, env, every, "the number of steps between draws");
}

/** Fns compute and do nothing else. */
function forbidden(world: World, scope: Scope, statement: TensorStatement): boolean {
  if (scope.role !== "fn") return false;
  world.report(scope, {
    code: "AM2019",
    span: statement.span,
    message: "a fn has no parameters, states or draws of its own",
    help: "declare it outside and read it here, or pass it as an argument",
  });
  return true;
}

function treesOf(statement: TensorStatement): readonly Parameters<typeof checkExpr>[2][] {
  if (statement.kind === "equation") return [statement.value];
  if (statement.kind === "draws" || statement.kind === "draw") return [statement.distribution];
  return statement.init.kind === "value"
    ? [statement.init.value]
    : statement.init.kind === "draw"
      ? [statement.init.distribution]
      : [];
}

// ------------------------------------------------------------------ constants

/** `from` is where its value is written. */
export function declareLet(world: World, scope: Scope, statement: Let, stepping: boolean, from = scope): void {
  const [name, ...others] = statement.target.path;
  if (name === undefined || others.length > 0) return;
  if (statement.target.subscripts !== null) {
    declareTensor(
      world,
      scope,
      { ...statement, kind: "equation", targets: [statement.target] },
      statement.target,
      0,
      stepping,
    );
    return;
  }
  if (scope.role === "fn") {
    const value = world.lazy<Expr>(
      scope,
      name.text,
      name.span,
      () => checkExpr(world, envOf(scope), statement.value),
      () => ({ kind: "unknown", type: { kind: "real" }, span: name.span }),
    );
    declare(world, scope, { kind: "value", name: name.text, span: name.span, value });
    return;
  }
  const value = world.lazy(
    scope,
    name.text,
    name.span,
    () => checkLet(world, envOf(from, { stepping }), scope, statement, name.text),
    () => null,
  );
  const entry: ConstantEntry = { kind: "constant", name: name.text, span: name.span, value };
  declare(world, scope, entry);
  world.pending.push(() => value.get());
}

function checkLet(
  world: World,
  env: Env,
  scope: Scope,
  statement: Let,
  name: string,
): ReturnType<ConstantEntry["value"]["get"]> {
  const tree = statement.value;
  const { span } = statement.target;
  const full = scope.prefix + name;
  const arm = tree.kind === "case" ? tree.arms[0]?.value : tree;
  const list =
    arm !== undefined && (arm.kind === "list" || arm.kind === "range" || isListCall(arm) || isListName(env, arm));
  if (list) {
    const found = checkList(world, env, tree);
    return found === null ? null : { id: world.addConstant(full, found.list, span), type: found.type, list: true };
  }
  const value = (env.scope === scope ? null : labelOfPlace(world, env, scope, tree)) ?? checkExpr(world, env, tree);
  if (value.kind === "unknown") return null;
  if (!isConstant(value)) {
    faulty(world, env, "AM4009", tree.span, `\`${name}\` has to be known before the run`, {
      here: "this is not: it depends on a tensor, an index or the step",
      help: `write it as an equation, without \`let\`: \`${name} = …\``,
    });
    return null;
  }
  return { id: world.addConstant(full, value, span), type: value.type, list: false };
}

/** An argument that means nothing where it is written may be a label of the place that it is for. */
function labelOfPlace(world: World, env: Env, scope: Scope, tree: Let["value"]): Expr | null {
  const isFree = tree.kind === "name" && env.scope.lookup(tree.text) === undefined;
  return isFree ? labelNamed(world, scope, tree) : null;
}

function isListName(env: Env, tree: Parameters<typeof checkExpr>[2]): boolean {
  const entry = tree.kind === "name" ? env.scope.lookup(tree.text) : undefined;
  return entry?.kind === "constant" && entry.value.get()?.list === true;
}

/** What a statement that cannot stand somewhere is called. */
export function statementName(statement: Statement): string {
  return statement.kind === "draws"
    ? "a draw"
    : statement.kind === "component"
      ? `\`${statement.sort}\``
      : `\`${statement.kind}\``;
}

export function misplaced(world: World, scope: Scope, statement: Statement, where: string): void {
  world.report(scope, {
    code: "AM2021",
    span: statement.span,
    message: `${statementName(statement)} cannot stand ${where}`,
  });
}
