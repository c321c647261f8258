/** `dataset.images("folder", image, row, column)` binds `x[image, row, column]`; with a fourth axis, red, green and blue. */
import type { Call } from "../../grammar/tree.js";
import { type Bound, namesIn } from "./data-bound.js";
import { headersOf, pathsIn } from "./data-open.js";
import { chosenNumber } from "./data-points.js";
import { faulty, int } from "./expressions/build.js";
import { envOf, type Scope } from "./scopes.js";
import type { AxisKind } from "./typed.js";
import type { World } from "./world.js";

export function boundByImages(world: World, scope: Scope, call: Call): Bound | null {
  const names = namesIn(call);
  const path = pathsIn(world, scope, call, names.length);
  if (path === "told") return null;
  if (path === null || names.length < 3 || names.length > 4 || call.args.length !== names.length + 1) {
    faulty(world, envOf(scope), "AM3010", call.span, "`dataset.images` takes a folder and three axes, or four", {
      help: 'write `dataset.images("folder", image, row, column)`; a fourth axis takes red, green and blue',
    });
    return null;
  }
  const inColour = names.length === 4;
  const format = inColour ? "images-colour" : "images";
  const opened = headersOf(world, scope, path, format);
  if (opened === null) return null;
  const all = opened.map(({ header }) => ("sizes" in header ? header.sizes : []));
  const sizes = [0, 1, 2].map((k): AxisKind => {
    const inFiles = all.map((own) => own[k] ?? 0);
    return { kind: "plain", size: chosenNumber(path.chosen, inFiles, path.span) };
  });
  const colours: AxisKind = { kind: "labels", labels: ["red", "green", "blue"] };
  return {
    datasets: opened.map(({ dataset }) => dataset),
    chosen: path.chosen,
    names,
    kinds: inColour ? [...sizes, colours] : sizes,
    sampled: false,
    members: [{ name: "x", over: names.map((_, k) => k), type: () => int, column: { kind: "array" } }],
  };
}
