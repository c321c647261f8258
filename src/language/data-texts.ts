/** `dataset.text("*.txt", doc, time, symbol, unit: "word")` binds `symbol[doc, time]`, `length[doc]` and `spelling[symbol]`. */
import type { Call, Expr as TreeExpr } from "../../grammar/tree.js";
import { textUnits } from "../datasets/index.js";
import { type Bound, indexOf, namesIn } from "./data-bound.js";
import { headerOf, pathIn } from "./data-open.js";
import { faulty, int, number } from "./expressions/build.js";
import { envOf, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { World } from "./world.js";

const usage =
  'write `dataset.text("*.txt", doc, time, symbol, unit: "character")`, with names of axes; units are "character", "word" or "byte"';

export function boundByText(world: World, scope: Scope, call: Call): Bound | null {
  const env = envOf(scope);
  const refuse = (tree: { readonly span: TreeExpr["span"] }, message: string): null => {
    faulty(world, env, "AM3010", tree.span, message, { help: usage });
    return null;
  };
  let unit: TreeExpr | null = null;
  for (const argument of call.args) {
    if (argument.kind === "replacement") return refuse(argument, "a text has nothing that could be replaced");
    if (argument.kind === "positional") continue;
    if (argument.name.text !== "unit")
      return refuse(argument.name, `\`dataset.text\` has no argument \`${argument.name.text}\``);
    unit = argument.value;
  }
  const names = namesIn(call);
  const path = pathIn(world, scope, call, names.length);
  if (path === "told") return null;
  if (path === null || names.length !== 3)
    return refuse(call, "`dataset.text` takes a path and three axes: of documents, of places in them, and of symbols");
  const chosen = textUnits.find((name) => unit?.kind === "string" && unit.value === name);
  if (chosen === undefined) {
    const written = unit?.kind === "string" ? suggestion(unit.value, textUnits) : {};
    faulty(
      world,
      env,
      "AM3010",
      unit?.span ?? call.span,
      unit === null ? "`unit` is missing" : "this is no unit of texts",
      {
        help: usage,
        ...written,
      },
    );
    return null;
  }
  const format = `text-${chosen}` as const;
  const header = headerOf(world, scope, path.value, format, path.span);
  if (header === null || !("spellings" in header)) return null;
  const size = (value: number) => ({ kind: "plain", size: number(value, int, path.span) }) as const;
  const labels = { kind: "label", labels: header.spellings } as const;
  return {
    dataset: { path: path.value, format, sha256: header.sha256, span: path.span },
    names,
    kinds: [size(header.documents), size(header.longest), size(header.spellings.length)],
    sampled: false,
    members: [
      { name: "symbol", over: [0, 1], type: (axes) => indexOf(axes[2]), column: { kind: "named", name: "symbol" } },
      { name: "length", over: [0], type: () => int, column: { kind: "named", name: "length" } },
      { name: "spelling", over: [2], type: () => labels, column: { kind: "named", name: "spelling" } },
    ],
  };
}
