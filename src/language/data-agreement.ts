/** Whether what a spec says of a column fits what its file has. */
import type { FileColumn, Name } from "../../grammar/tree.js";
import { sizesOf, valuesOf } from "./bounds.js";
import type { Wanted } from "./data-columns.js";
import { apply, bool, faulty, int, number, real } from "./expressions/build.js";
import type { Env, Scope } from "./scopes.js";
import type { AxisId, AxisKind, Expr, ScalarType } from "./typed.js";
import { chosenNumber, type DataPoints } from "./data-points.js";
import { type World, unknownAxis } from "./world.js";

/** Declared axes have to have the file's extents, at every point those of its own file. */
export function agree(
  world: World,
  env: Env,
  statement: FileColumn,
  points: DataPoints,
  all: readonly Wanted[],
  axes: readonly AxisId[],
): boolean {
  const [wanted] = all;
  if (wanted === undefined) return false;
  const { extents } = wanted;
  if (axes.length !== extents.length) {
    faulty(
      world,
      env,
      "AM4018",
      statement.target.span,
      `this column has ${extents.length} axes (${extents.join(" × ")}), and ${axes.length} are written`,
    );
    return false;
  }
  const sizesInFiles = (k: number): readonly number[] => all.map((each) => each.extents[k] ?? 0);
  const place = axes.findIndex((axis, k) => {
    if (axis === unknownAxis) return false;
    if (points.chosen === null) return sizesOf(world, axis)?.every((size) => size === extents[k]) === false;
    const { span } = statement.target;
    const operands = [
      { kind: "size", axis, type: int, span } as const,
      chosenNumber(points.chosen, sizesInFiles(k), span),
    ];
    return valuesOf(world, apply("sub", operands, int, span))?.every((off) => off === 0) === false;
  });
  const axis = axes[place];
  if (axis === undefined) return true;
  const item = statement.target.subscripts?.[place];
  faulty(
    world,
    env,
    "AM4018",
    item?.span ?? statement.target.span,
    `axis \`${world.axis(axis).name}\` does not have the size of the file`,
    {
      here:
        points.chosen === null
          ? `the file has ${extents[place] ?? 0} along this axis`
          : `the files have ${[...new Set(sizesInFiles(place))].join(", ")} along this axis`,
      labels: [{ span: world.axis(axis).span, text: `the axis has ${(sizesOf(world, axis) ?? []).join(", ")}` }],
    },
  );
  return false;
}

export function columnType(world: World, env: Env, statement: FileColumn, wanted: Wanted): ScalarType | null {
  const { within } = statement;
  const types = { real, int, bool } as const;
  if (within === null) return types[wanted.type];
  const entry = env.scope.lookupAxis(within.text);
  if (entry?.kind !== "axis") {
    faulty(world, env, "AM2004", within.span, `there is no axis \`${within.text}\` here`, {
      here: "an axis is wanted",
    });
    return null;
  }
  const axis = entry.axis.get();
  if (axis === unknownAxis) return null;
  if (wanted.type !== "int") {
    faulty(
      world,
      env,
      "AM4018",
      statement.value.span,
      `positions of \`${within.text}\` are ints, and this column holds ${wanted.type === "bool" ? "bools" : "real numbers"}`,
    );
    return null;
  }
  const count = wanted.categories?.length ?? null;
  const sizes = sizesOf(world, axis);
  if (count !== null && sizes?.some((size) => size < count) === true) {
    faulty(
      world,
      env,
      "AM4018",
      within.span,
      `this column has ${count} categories, and axis \`${within.text}\` is smaller`,
      { labels: [{ span: world.axis(axis).span, text: "the axis" }] },
    );
    return null;
  }
  return { kind: "index", axis };
}

/** The axis that a built-in set is given; one that is declared has to have the set's size at every point. */
export function axisOfSet(world: World, env: Env, name: Name, kind: AxisKind | undefined, isSamples: boolean): AxisId {
  const entry = env.scope.lookupAxis(name.text);
  if (entry?.kind !== "axis" || kind === undefined) {
    const what =
      entry?.kind === "sweep"
        ? `\`${name.text}\` is a sweep, and no axis of data`
        : `there is no axis \`${name.text}\` here`;
    faulty(world, env, "AM2004", name.span, what, { here: "an axis is wanted" });
    return unknownAxis;
  }
  const axis = entry.axis.get();
  if (axis === unknownAxis) return axis;
  const { span } = name;
  const wanted: Expr =
    kind.kind === "plain" ? kind.size : number(kind.kind === "labels" ? kind.labels.length : 0, int, span);
  const size: Expr = { kind: "size", axis, type: int, span };
  const off = valuesOf(world, apply("sub", [size, wanted], int, span));
  if (off?.every((difference) => difference === 0) !== false) return axis;
  const sizes = valuesOf(world, wanted) ?? [];
  faulty(world, env, "AM4018", span, `axis \`${name.text}\` does not have the size of the data`, {
    here: `the data have ${sizes.join(", ")} along this axis`,
    labels: [{ span: world.axis(axis).span, text: `the axis has ${(valuesOf(world, size) ?? []).join(", ")}` }],
    ...(isSamples ? { help: "`take: n` takes the first n samples" } : {}),
  });
  return axis;
}

/** Of several files: as many axes in all, and numbers of one kind; reals where some are ints. */
export function alike(
  world: World,
  scope: Scope,
  statement: FileColumn,
  all: readonly Wanted[],
): readonly Wanted[] | null {
  const different = (of: (wanted: Wanted) => number | string) => new Set(all.map(of)).size > 1;
  const isMixed = different(({ type }) => (type === "bool" ? "bools" : "numbers"));
  if (!isMixed && !different(({ extents }) => extents.length))
    return different(({ type }) => type) ? all.map((each) => ({ ...each, type: "real" })) : all;
  world.report(scope, {
    code: "AM4018",
    span: statement.value.span,
    message: isMixed
      ? "this is bools in some of the files, and numbers in others"
      : `the files differ: here are ${[...new Set(all.map(({ extents }) => extents.join(" × ")))].join(", and ")} numbers`,
  });
  return null;
}
