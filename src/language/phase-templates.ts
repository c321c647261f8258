/** Phases as templates: `evolve relax(query: axis, M: memory, cue[query]) { … }`, and `evolve recall = relax(query, M, cue[query] = …)`. */
import type { Phase as TreePhase, Statement } from "../../grammar/tree.js";
import { declareReplacement, replacementsOf } from "./replacements.js";
import { namesOf } from "./declared-names.js";
import { faulty } from "./expressions/build.js";
import { resolve } from "./expressions/resolve.js";
import { articles } from "./fn-arguments.js";
import { merged } from "./merging.js";
import { withOuterStates } from "./scan-outer-states.js";
import { bindParameters } from "./templates.js";
import { declare, envOf, Scope } from "./scopes.js";
import type { World } from "./world.js";

export const isPhaseTemplate = ({ parameters, instance }: TreePhase): boolean =>
  parameters !== null && instance === null;

export function declarePhaseTemplate(world: World, scope: Scope, tree: TreePhase): void {
  declare(world, scope, { kind: "template", name: tree.name.text, span: tree.name.span, tree, scope });
}

/** A phase with its body and the scope in which that is checked. */
export interface OpenedPhase {
  readonly scope: Scope;
  readonly body: readonly Statement[];
  /** Statements whose names are declared already: arguments have replaced them. */
  readonly replaced: ReadonlySet<Statement>;
  /** What the phase adds to its template, and the scope that it stands in. */
  readonly added: { readonly statements: ReadonlySet<Statement>; readonly outside: Scope } | null;
}

/** The phase as it is written, or its template with the arguments bound; null after a fault. */
export function openPhase(world: World, outside: Scope, tree: TreePhase): OpenedPhase | null {
  const role = tree.sort === "measure" ? "measure" : "phase";
  const prefix = `${outside.prefix}${tree.name.text}.`;
  const bodyOf = ({ body }: TreePhase, scope: Scope): readonly Statement[] =>
    tree.sort === "measure" ? (body ?? []) : withOuterStates(body ?? [], (name) => scope.lookup(name) !== undefined);
  const own = bodyOf(tree, outside);
  if (tree.instance === null)
    return { scope: new Scope(outside, role, prefix), body: own, replaced: new Set(), added: null };
  const { instance } = tree;
  const env = envOf(outside);
  const entry = resolve(world, env, instance.kind === "call" ? instance.callee : instance);
  if (entry === null || entry.kind === "faulty") return null;
  if (entry.kind !== "template" || entry.tree.sort !== tree.sort) {
    const what =
      entry.kind === "template"
        ? `one of \`${entry.tree.sort}\``
        : entry.kind === "component"
          ? articles[entry.sort]
          : `a ${entry.kind}`;
    faulty(world, env, "AM3019", instance.span, `\`${entry.name}\` is no template of \`${tree.sort}\`: it is ${what}`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const template = entry.tree;
  const call = instance.kind === "call" ? instance : null;
  world.used.add(template);
  const scope = new Scope(entry.scope, role, prefix, { name: entry.name, span: instance.span, caller: outside });
  const replacements = replacementsOf(world, env, template, call?.args ?? []);
  if (!bindParameters(world, scope, template, [{ env, call, replacements }], instance.span)) return null;
  const replaced = new Set<Statement>();
  const body = merged(bodyOf(template, scope), own);
  for (const statement of body) {
    const [name, ...others] = namesOf(statement);
    const replacement = name === undefined || others.length > 0 ? undefined : replacements.get(name);
    if (replacement === undefined) continue;
    replaced.add(statement);
    declareReplacement(world, env, scope, statement, replacement);
  }
  return { scope, body, replaced, added: { statements: new Set(own), outside } };
}
