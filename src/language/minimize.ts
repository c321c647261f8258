/** `minimize e over … using …`: the objective, its parameters, and an optimizer's page for each of them. */
import type { Expr as TreeExpr, Minimize, Using } from "../../grammar/tree.js";
import { faulty, toReal } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { checkExpr } from "./expressions/check.js";
import { pathText, resolve } from "./expressions/resolve.js";
import { checkOptimizer, gradientOf, type Choice, type Update } from "./optimizers.js";
import type { PhasePlace } from "./phases.js";
import type { Tensor } from "./scopes.js";
import type { DefinitionId, Expr } from "./typed.js";
import { notYet } from "./unsupported.js";

export interface Minimized {
  readonly objective: Expr;
  readonly updates: readonly Update[];
}

/** A parameter that is trained, at the labels at which it is. */
interface Trained {
  readonly tensor: Tensor;
  readonly definition: DefinitionId;
  readonly tree: TreeExpr;
  readonly choices: readonly Choice[];
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
  const updates: Update[] = [];
  let isFine = objective.kind !== "unknown" && trained.length > 0 && optimizers !== null;
  for (const parameter of trained) {
    const optimizer = optimizers?.get(parameter.definition);
    if (optimizer === undefined) continue;
    const gradient = gradientOf(world, place.name, parameter.tensor);
    const page =
      gradient === null ? null : checkOptimizer(world, env, optimizer, parameter.tensor, gradient, parameter.choices);
    if (gradient === null || page === null) isFine = false;
    else updates.push({ parameter: parameter.definition, gradient, ...page, using: optimizer.span });
  }
  return isFine ? { objective, updates } : null;
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

/** `M.W`, `M`, `(W, e)`, `case model { matrix: W, else: (W, e) }`. */
function parametersIn(place: PhasePlace, tree: TreeExpr, choices: readonly Choice[]): readonly Trained[] {
  const { world, env } = place;
  if (tree.kind === "tuple") return tree.items.flatMap((item) => parametersIn(place, item, choices));
  if (tree.kind === "case") {
    const arms = checkArms(world, env, tree);
    if (arms === null) return [];
    return [...new Set(arms.trees)].flatMap((arm) => {
      const isChosen = arms.trees.map((other, k) => other === arm && (arms.only === null || arms.only === k));
      if (!isChosen.some(Boolean)) return [];
      return parametersIn(place, arm, arms.only === null ? [...choices, { subject: arms.subject, isChosen }] : choices);
    });
  }
  const entry = resolve(world, env, tree);
  if (entry === null || entry.kind === "faulty") return [];
  if (entry.kind === "tensor") {
    const tensor = entry.tensor.get();
    if (tensor === null) return [];
    const id = tensor.source.kind === "definition" ? tensor.source.definition : null;
    if (id !== null && world.definition(id).body.kind === "param")
      return [{ tensor: { ...tensor, name: pathText(tree) }, definition: id, tree, choices }];
    faulty(world, env, "AM2025", tree.span, `\`${pathText(tree)}\` is no parameter: it cannot be trained`, {
      labels: [{ span: tensor.span, text: "declared here" }],
      help: `declare it with \`param ${tensor.name}… = …\``,
    });
    return [];
  }
  if (entry.kind === "component") {
    const instance = entry.instance.get();
    if (instance === null) {
      if (entry.declaration.instance === null)
        resolve(world, env, {
          kind: "member",
          object: tree,
          name: { kind: "name", text: "W", span: tree.span },
          span: tree.span,
        });
      return [];
    }
    const members = instance.parameters.flatMap((name) =>
      parametersIn(
        place,
        { kind: "member", object: tree, name: { kind: "name", text: name, span: tree.span }, span: tree.span },
        choices,
      ),
    );
    if (instance.parameters.length === 0)
      faulty(world, env, "AM2025", tree.span, `\`${pathText(tree)}\` has no parameters to train`, {
        labels: [{ span: entry.span, text: "declared here" }],
      });
    return members;
  }
  faulty(world, env, "AM2025", tree.span, `\`${pathText(tree)}\` is no parameter: it cannot be trained`, {
    labels: [{ span: entry.span, text: "declared here" }],
  });
  return [];
}

/** Which optimizer each parameter gets: every one exactly one. */
function assignOptimizers(
  place: PhasePlace,
  using: Using,
  trained: readonly Trained[],
): ReadonlyMap<DefinitionId, TreeExpr> | null {
  const { world, env } = place;
  const found = new Map<DefinitionId, TreeExpr>();
  let isFine = true;
  for (const { fresh, optimizer, over, span } of using.optimizers) {
    if (fresh) {
      notYet(world, env.scope, span, "`fresh`");
      isFine = false;
    }
    const mine =
      over === null
        ? trained
        : over
            .flatMap((tree) => parametersIn(place, tree, []))
            .flatMap((parameter) => stray(place, trained, parameter));
    for (const { definition, tree } of mine) {
      if (!found.has(definition)) found.set(definition, optimizer);
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
