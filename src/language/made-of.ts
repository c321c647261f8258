/** What a definition is made of, as it stands: expressions, and other definitions that it takes whole. */
import { parts } from "./mentions.js";
import type { Definition, DefinitionId, Draw, Experiment, Expr, ScanId } from "./typed.js";

export interface MadeOf {
  readonly exprs: readonly Expr[];
  readonly definitions: readonly DefinitionId[];
}

const nothing: MadeOf = { exprs: [], definitions: [] };

export function madeOf(experiment: Pick<Experiment, "scans">, { body }: Definition): MadeOf {
  switch (body.kind) {
    case "equation":
      return { exprs: [body.value], definitions: [] };
    case "literal":
      return { exprs: body.entries, definitions: [] };
    case "draw":
      return { exprs: drawParts(body.draw), definitions: [] };
    case "param":
    case "state":
      return { exprs: body.init.kind === "draw" ? drawParts(body.init.draw) : [body.init.value], definitions: [] };
    case "stacked":
      return { exprs: [], definitions: body.parts };
    case "scanned":
    case "scan stack":
      return partsOfScan(experiment, body.scan);
    case "gradient":
      return { exprs: [], definitions: [body.parameter] };
    case "turn":
    case "data":
    case "left":
      return nothing;
  }
}

function partsOfScan({ scans }: Pick<Experiment, "scans">, id: ScanId): MadeOf {
  const scan = scans.get(id);
  if (scan === undefined) throw new Error(`scan ${id} does not exist`);
  const { count, until, states, stacked } = scan;
  const definitions = [
    ...states.flatMap(({ initial, next }) => [initial, next]),
    ...stacked,
    ...(until === null ? [] : [until]),
  ];
  return { exprs: [count], definitions };
}

function drawParts({ distribution, by, at }: Draw): readonly Expr[] {
  const own = (): readonly Expr[] => {
    switch (distribution.kind) {
      case "normal":
        return [distribution.mean, distribution.sd];
      case "uniform":
        return [distribution.low, distribution.high];
      case "bernoulli":
        return [distribution.p];
      case "gamma":
        return [distribution.shape, distribution.scale];
      case "poisson":
        return [distribution.mean];
      case "among":
        return [distribution.from, distribution.to];
      case "categorical":
        return [distribution.weights];
      case "rademacher":
      case "on_sphere":
      case "permutation":
      case "choice":
        return [];
    }
  };
  return [...own(), ...(by ?? []), ...(at ?? []).filter((place) => place !== null)];
}

const known = new WeakMap<Definition, ReadonlySet<ScanId>>();

/** The scans in whose iterations the value of a definition differs. */
export function openScans(
  experiment: Pick<Experiment, "scans" | "definitions">,
  definition: Definition,
): ReadonlySet<ScanId> {
  const before = known.get(definition);
  if (before !== undefined) return before;
  const found = new Set<ScanId>();
  const { body } = definition;
  if (body.kind === "turn") found.add(body.scan);
  const { exprs, definitions } = madeOf(experiment, definition);
  const read = new Set(definitions);
  for (const expr of exprs) readsIn(expr, read);
  for (const id of read) {
    const other = experiment.definitions.get(id);
    if (other === undefined || other === definition) continue;
    for (const scan of openScans(experiment, other)) found.add(scan);
  }
  if (body.kind === "scanned" || body.kind === "scan stack") found.delete(body.scan);
  known.set(definition, found);
  return found;
}

function readsIn(root: Expr, found: Set<DefinitionId>): void {
  const seen = new Set<Expr>();
  const open = [root];
  for (let expr = open.pop(); expr !== undefined; expr = open.pop()) {
    if (seen.has(expr)) continue;
    seen.add(expr);
    if (expr.kind === "read") found.add(expr.definition);
    if (expr.kind === "grad" || expr.kind === "sharpness") found.add(expr.by);
    open.push(...parts(expr));
  }
}

/** All that an expression is computed from, up to the parameters and states that it reads. */
export function definitionsBehind(
  experiment: Pick<Experiment, "scans" | "definitions">,
  root: Expr,
): Set<DefinitionId> {
  const found = new Set<DefinitionId>();
  readsIn(root, found);
  // Whatever is added on the way is visited as well.
  for (const id of found) {
    const definition = experiment.definitions.get(id);
    if (definition === undefined || definition.body.kind === "param" || definition.body.kind === "state") continue;
    const { exprs, definitions } = madeOf(experiment, definition);
    definitions.forEach((part) => found.add(part));
    for (const expr of exprs) readsIn(expr, found);
  }
  return found;
}
