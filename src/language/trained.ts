/** Which parameters `over` names: `M.W`, `M`, `(W, e)`, `case model { matrix: W, else: (W, e) }`. */
import type { Expr as TreeExpr } from "../../grammar/tree.js";
import { branchesOf } from "./chosen-components.js";
import { faulty } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { pathText, resolve } from "./expressions/resolve.js";
import type { PhasePlace } from "./phases.js";
import type { Choice, ComponentEntry, Tensor } from "./scopes.js";
import { membersOf } from "./tuples.js";
import type { DefinitionId } from "./typed.js";

/** A parameter that is trained, at the labels at which it is. */
export interface Trained {
  readonly tensor: Tensor;
  readonly definition: DefinitionId;
  readonly tree: TreeExpr;
  readonly choices: readonly Choice[];
}

export function parametersIn(place: PhasePlace, tree: TreeExpr, choices: readonly Choice[]): readonly Trained[] {
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
  if (entry.kind === "component") return ofComponent(place, entry, tree, choices);
  if (entry.kind === "tensor") {
    const tensor = entry.tensor.get();
    const found = tensor === null ? [] : ofTensor(place, tensor, tree, pathText(tree), choices);
    if (tensor !== null && found.length === 0)
      faulty(world, env, "AM2025", tree.span, `\`${pathText(tree)}\` is no parameter: it cannot be trained`, {
        labels: [{ span: tensor.span, text: "declared here" }],
        help: `declare it with \`param ${tensor.name}… = …\``,
      });
    return found;
  }
  faulty(world, env, "AM2025", tree.span, `\`${pathText(tree)}\` is no parameter: it cannot be trained`, {
    labels: [{ span: entry.span, text: "declared here" }],
  });
  return [];
}

/** None where it is no parameter. */
function ofTensor(
  place: PhasePlace,
  tensor: Tensor,
  tree: TreeExpr,
  name: string,
  choices: readonly Choice[],
): readonly Trained[] {
  const { world } = place;
  if (tensor.source.kind !== "definition") return [];
  const { definition } = tensor.source;
  if (tensor.picked === true && tensor.prefix.length > 0) {
    faulty(world, place.env, "AM2025", tree.span, `\`${name}\` is one of those of a component over an axis`, {
      labels: [{ span: tensor.span, text: "declared here" }],
      help: "all of them are trained together: name the component without brackets; `stop(…)` in the loss leaves some out",
    });
    return [];
  }
  const among = world.choices.get(definition);
  if (among === undefined)
    return world.definition(definition).body.kind === "param"
      ? [{ tensor: { ...tensor, name }, definition, tree, choices }]
      : [];
  return branchesOf(among).flatMap(({ definition: own, isChosen }) =>
    ofTensor(place, { ...tensor, source: { kind: "definition", definition: own } }, tree, name, [
      ...choices,
      { subject: among.subject, isChosen },
    ]),
  );
}

function ofComponent(
  place: PhasePlace,
  entry: ComponentEntry,
  tree: TreeExpr,
  choices: readonly Choice[],
): readonly Trained[] {
  const { world, env } = place;
  const instance = entry.instance.get();
  if (instance === null) {
    // Asked for a member, a template says what it lacks.
    if (entry.declaration.instance === null)
      resolve(world, env, { kind: "member", object: tree, name: nameAt(tree), span: tree.span });
    return [];
  }
  const found = membersOf(instance, choices).flatMap(({ name, tensor, choices: own }) =>
    ofTensor(place, tensor, tree, `${pathText(tree)}.${name}`, own),
  );
  if (found.length === 0)
    faulty(world, env, "AM2025", tree.span, `\`${pathText(tree)}\` has no parameters to train`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
  return found;
}

const nameAt = ({ span }: TreeExpr): { readonly kind: "name"; readonly text: string; readonly span: typeof span } => ({
  kind: "name",
  text: "W",
  span,
});
