/** A data file of a spec, or the files that its points read, opened when one of its columns is first used. */
import type { Component, Expr as TreeExpr, FileColumn } from "../../grammar/tree.js";
import { alike } from "./data-agreement.js";
import { type Wanted, checkColumn } from "./data-columns.js";
import { type Opened, open } from "./data-open.js";
import { dataPoints, type DataPoints, withFilling } from "./data-points.js";
import type { Scope } from "./scopes.js";
import type { Lazy, World } from "./world.js";

/** Columns with what they take from the file. */
export interface Column {
  readonly statement: FileColumn;
  /** For each of the files. */
  readonly wanted: Lazy<readonly Wanted[] | null>;
}

export interface DataFile {
  readonly points: Lazy<DataPoints | null>;
  /** For each of the points' fillings. */
  readonly files: Lazy<readonly Opened[] | null>;
  readonly columns: readonly Column[];
}

const dataFiles = new WeakMap<World, Map<Component, DataFile>>();

export function dataFileOf(world: World, scope: Scope, declaration: Component, instance: TreeExpr): DataFile {
  const cache = dataFiles.get(world) ?? new Map<Component, DataFile>();
  dataFiles.set(world, cache);
  const known = cache.get(declaration);
  if (known !== undefined) return known;
  const statements = (declaration.body ?? []).filter((statement) => statement.kind === "column");
  const points = world.lazy<DataPoints | null>(
    scope,
    declaration.name.text,
    instance.span,
    () => dataPoints(world, scope, [instance, ...statements.map(({ value }) => value)]),
    () => null,
  );
  const files = world.lazy<readonly Opened[] | null>(
    scope,
    declaration.name.text,
    instance.span,
    () => {
      const known = points.get();
      return known === null ? null : open(world, scope, instance, known.fillings);
    },
    () => null,
  );
  const columns = statements.map((statement): Column => {
    const compute = (): readonly Wanted[] | null => {
      const fillings = points.get()?.fillings;
      const found: Wanted[] = [];
      for (const [k, { header }] of (files.get() ?? []).entries()) {
        const value = withFilling(statement.value, fillings?.[k] ?? new Map());
        const wanted = checkColumn(world, scope, { ...statement, value }, header);
        // One fault is enough, and the next file has it as well.
        if (wanted === null) return null;
        found.push(wanted);
      }
      return found.length === 0 ? null : alike(world, scope, statement, found);
    };
    const name = statement.target.path[0]?.text ?? "";
    return {
      statement,
      wanted: world.lazy<readonly Wanted[] | null>(scope, name, statement.span, compute, () => null),
    };
  });
  const made = { points, files, columns };
  cache.set(declaration, made);
  return made;
}
