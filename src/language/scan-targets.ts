/** What a scan names: states, and what it stacks along the scanned index. */
import type { Scan, Target } from "../../grammar/tree.js";

/** Where a name stands alone among the subscripts of a target; -1 where it does not. */
export const placeIn = ({ subscripts }: Target, name: string): number =>
  (subscripts ?? []).findIndex(
    ({ value }) => value.kind === "expr" && value.expr.kind === "name" && value.expr.text === name,
  );

/** States, and what is subscripted by the scanned index. */
export function targetsOf(tree: Scan): readonly Target[] {
  const states = tree.body.flatMap((statement) => (statement.kind === "state" ? [statement.target] : []));
  return [...states, ...stackedTargets(tree)];
}

/** Of scans inside of it too: what is subscripted by both indices is stacked along both. */
export function stackedTargets(tree: Scan): readonly Target[] {
  return madeIn(tree).filter((target) => placeIn(target, tree.index.text) >= 0);
}

function madeIn({ body }: Scan): readonly Target[] {
  return body.flatMap((statement): readonly Target[] => {
    if (statement.kind === "equation") return statement.targets;
    if (statement.kind === "scan") return madeIn(statement);
    return statement.kind === "draws" ? [statement.target] : [];
  });
}

/** The names of what a scan has for each of its positions. */
export function stackedBy(tree: Scan): readonly string[] {
  return stackedTargets(tree).flatMap(({ path }) => path.slice(0, 1).map(({ text }) => text));
}

/** Those among them that are results of a \`measure\`: equations. */
export function stackedEquations(tree: Scan): readonly string[] {
  return stackedBy(withoutDrawn(tree));
}

function withoutDrawn(tree: Scan): Scan {
  const body = tree.body.filter(({ kind }) => kind !== "draws");
  return { ...tree, body: body.map((statement) => (statement.kind === "scan" ? withoutDrawn(statement) : statement)) };
}
