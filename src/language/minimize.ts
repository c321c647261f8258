/** `minimize e over … using …`: the objective, its parameters, and an optimizer's page for each of them. */
import type { Minimize, Using } from "../../grammar/tree.js";
import { faulty, toReal } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { pathText } from "./expressions/resolve.js";
import { checkOptimizer, gradientOf, type Update } from "./optimizers.js";
import type { PhasePlace } from "./phases.js";
import { parametersIn, type Trained } from "./trained.js";
import type { Choice, Tuple } from "./scopes.js";
import { checkTransforms, type Prepared } from "./transforms.js";
import type { DefinitionId, Expr, PhaseStatement } from "./typed.js";

export interface Minimized {
  readonly objective: Expr;
  readonly updates: readonly Update[];
  readonly prepared: Prepared;
}

export function checkMinimize(
  place: PhasePlace,
  minimizes: readonly Minimize[],
  usings: readonly Using[],
): Minimized | null {
  const [minimize] = minimizes;
  const [using] = usings;
  if (minimize === undefined || using === undefined) return null;
  const { world, env } = place;
  const objective = toReal(world, env, checkExpr(world, env, minimize.objective));
  const trained = trainedOf(place, minimize);
  const optimizers = assignOptimizers(place, using, trained);
  if (optimizers === null || trained.length === 0) return null;
  const gradients = new Map(
    trained.map(({ definition, tensor }) => [definition, gradientOf(world, place.name, tensor)] as const),
  );
  const updates = trained.map((parameter) => {
    const { tensor, definition, choices } = parameter;
    const chosen = optimizers.get(definition);
    const gradient = gradients.get(definition) ?? null;
    if (chosen === undefined || gradient === null) return null;
    const page = checkOptimizer(world, env, chosen.optimizer, tensor, gradient, choices);
    return page === null
      ? null
      : { parameter: definition, gradient, fresh: chosen.fresh, ...page, using: chosen.optimizer.span };
  });
  const prepared = prepare(place, using, trained, optimizers, gradients);
  const found = updates.filter((update) => update !== null);
  if (objective.kind === "unknown" || found.length < updates.length || prepared === null) return null;
  return { objective, updates: found, prepared };
}

type Optimizers = ReadonlyMap<DefinitionId, Using["optimizers"][number]>;

/** What the transforms of each optimizer do with the gradients of its parameters; null after a fault. */
function prepare(
  place: PhasePlace,
  using: Using,
  trained: readonly Trained[],
  optimizers: Optimizers,
  gradients: ReadonlyMap<DefinitionId, DefinitionId | null>,
): Prepared | null {
  const states: DefinitionId[] = [];
  const statements: PhaseStatement[] = [];
  for (const clause of using.optimizers) {
    const members = trained.flatMap(({ definition, tensor, choices }) => {
      const gradient = gradients.get(definition) ?? null;
      if (optimizers.get(definition) !== clause || gradient === null) return [];
      const source = { kind: "definition", definition: gradient } as const;
      return [{ name: tensor.name, tensor: { ...tensor, prefix: [], source }, choices }];
    });
    const tuple: Tuple = { name: "grad", span: clause.span, members };
    const found = checkTransforms(place, clause.optimizer, tuple);
    if (found === null) return null;
    states.push(...found.states);
    statements.push(...found.statements);
  }
  return { states, statements };
}

function trainedOf(place: PhasePlace, minimize: Minimize): readonly Trained[] {
  const { world, env } = place;
  if (minimize.over.length === 0) {
    faulty(world, env, "AM2024", minimize.span, "`minimize` does not say over which parameters", {
      help: "write `minimize loss over M.W`, or `over M` for all parameters of `M`",
    });
    return [];
  }
  const found: Trained[] = [];
  for (const parameter of minimize.over.flatMap((tree) => parametersIn(place, tree, []))) {
    const double = found.find((other) => other.definition === parameter.definition);
    if (double === undefined) found.push(parameter);
    else {
      const merged = mergeChoices(double.choices, parameter.choices);
      if (merged === null)
        faulty(world, env, "AM2025", parameter.tree.span, `\`${pathText(parameter.tree)}\` is named twice`, {
          labels: [{ span: double.tree.span, text: "first here" }],
        });
      else found[found.indexOf(double)] = { ...double, choices: merged };
    }
  }
  return found;
}

/** A parameter that stands in several arms of one `case` is trained at all their labels. */
function mergeChoices(first: readonly Choice[], second: readonly Choice[]): readonly Choice[] | null {
  const [a, b] = [first[0], second[0]];
  if (first.length !== 1 || second.length !== 1 || a === undefined || b === undefined) return null;
  const isSame = a.subject === b.subject && !a.isChosen.some((chosen, k) => chosen && b.isChosen[k] === true);
  if (!isSame) return null;
  const isChosen = a.isChosen.map((chosen, k) => chosen || b.isChosen[k] === true);
  return isChosen.every(Boolean) ? [] : [{ subject: a.subject, isChosen }];
}

/** Which optimizer each parameter gets: every one exactly one. */
function assignOptimizers(place: PhasePlace, using: Using, trained: readonly Trained[]): Optimizers | null {
  const { world, env } = place;
  const found = new Map<DefinitionId, Using["optimizers"][number]>();
  let isFine = true;
  for (const clause of using.optimizers) {
    const { over, span } = clause;
    const mine =
      over === null
        ? trained
        : over
            .flatMap((tree) => parametersIn(place, tree, []))
            .flatMap((parameter) => stray(place, trained, parameter));
    for (const { definition, tree } of mine) {
      if (!found.has(definition)) found.set(definition, clause);
      else {
        isFine = false;
        faulty(world, env, "AM2025", span, `\`${pathText(tree)}\` has two optimizers`, {
          help: "say which is for which: `using adam(…) over M.W, gd(…) over M.b`",
        });
      }
    }
  }
  const missing = trained.find(({ definition }) => !found.has(definition));
  if (missing !== undefined && isFine) {
    isFine = false;
    faulty(world, env, "AM2025", using.span, `\`${pathText(missing.tree)}\` has no optimizer`, {
      labels: [{ span: missing.tree.span, text: "it is to be trained" }],
    });
  }
  return isFine ? found : null;
}

function stray(place: PhasePlace, trained: readonly Trained[], parameter: Trained): readonly Trained[] {
  if (trained.some(({ definition }) => definition === parameter.definition)) return [parameter];
  faulty(
    place.world,
    place.env,
    "AM2025",
    parameter.tree.span,
    `\`${pathText(parameter.tree)}\` is not minimized over`,
  );
  return [];
}
