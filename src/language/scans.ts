/**
 * `scan t: time { … }`: a loop inside a run, with states that go from one position to the next and tensors that are stacked along
 * the axis. A short one is written out, position by position; others are loops (`scan-loops.ts`).
 */
import type { Scan } from "../../grammar/tree.js";
import { declareTensor } from "./declare.js";
import { overAll } from "./over-axes.js";
import { withoutDraws } from "./scan-draws.js";
import { ScanRun } from "./scan-run.js";
import { targetsOf } from "./scan-targets.js";
import { declare, type Scope, type Tensor } from "./scopes.js";
import type { World } from "./world.js";

/** Declares the states of a scan, as they are at its end, and its stacked tensors. */
export function declareScan(world: World, scope: Scope, written: Scan, stepping: boolean): void {
  const { tree, draws } = withoutDraws(written);
  nameDraws(world, scope, written);
  for (const draw of draws) declareTensor(world, scope, draw, draw.target, 0, stepping);
  const run = world.lazy<ReadonlyMap<string, Tensor> | null>(
    scope,
    tree.index.text,
    tree.index.span,
    () => new ScanRun(world, { scope, stepping, outside: scope, turns: [] }, tree).run(),
    () => null,
  );
  for (const target of targetsOf(tree)) {
    const [name] = target.path;
    if (name === undefined) continue;
    const tensor = world.lazy<Tensor | null>(
      scope,
      name.text,
      name.span,
      () => {
        const found = run.get()?.get(name.text) ?? null;
        return found === null ? null : overAll(world, { name: scope.prefix + name.text, over: scope.over }, found);
      },
      () => null,
    );
    const axes = world.lazy(
      scope,
      name.text,
      name.span,
      () => tensor.get()?.axes ?? [],
      () => [],
    );
    const over = scope.over.length === 0 ? {} : { over: scope.over };
    declare(world, scope, {
      kind: "tensor",
      name: name.text,
      span: name.span,
      declared: target.span,
      axes,
      tensor,
      ...over,
    });
    world.pending.push(() => tensor.get());
  }
}

/** Draws are made by their names: what scans of a scope draw has different ones. */
function nameDraws(world: World, scope: Scope, { body }: Scan): void {
  for (const statement of body) {
    if (statement.kind === "scan") nameDraws(world, scope, statement);
    const name = statement.kind === "draws" ? statement.target.path[0] : undefined;
    if (name === undefined) continue;
    // No name of a spec looks like this.
    const marker = `${name.text} ~`;
    const first = scope.own(marker);
    if (first === undefined) scope.entries.set(marker, { kind: "faulty", name: marker, span: name.span });
    else
      world.report(scope, {
        code: "AM2002",
        span: name.span,
        message: `\`${name.text}\` is drawn a second time by a \`scan\` here`,
        here: "drawn again",
        labels: [{ span: first.span, text: "first drawn here" }],
        help: "give one of them another name: draws are made by their names",
      });
  }
}
