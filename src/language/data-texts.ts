/**
 * `dataset.text("*.txt", doc, time, symbol, unit: "word")` binds `symbol[doc, time]`, `length[doc]` and `spelling[symbol]`; so does
 * `dataset.moby_dick(doc, time, symbol, unit: "character")` of a built-in text, but for the spellings of its words.
 */
import type { Call, Expr as TreeExpr } from "../../grammar/tree.js";
import type { Corpus } from "../datasets/sets/corpora.js";
import { textUnits, type TextUnit } from "../datasets/text.js";
import { type Bound, indexOf, namesIn } from "./data-bound.js";
import { headerOf, pathIn } from "./data-open.js";
import { faulty, int, number } from "./expressions/build.js";
import { envOf, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { World } from "./world.js";

const usageOf = (corpus: Corpus | undefined): string =>
  `write \`dataset.${corpus === undefined ? 'text("*.txt", ' : `${corpus.name}(`}doc, time, symbol, unit: "character")\`, with names of axes; units are "character", "word" or "byte"`;

export function boundByText(world: World, scope: Scope, call: Call, corpus?: Corpus): Bound | null {
  const env = envOf(scope);
  const refuse = (tree: { readonly span: TreeExpr["span"] }, message: string): null => {
    faulty(world, env, "AM3010", tree.span, message, { help: usageOf(corpus) });
    return null;
  };
  let unit: TreeExpr | null = null;
  for (const argument of call.args) {
    if (argument.kind === "replacement") return refuse(argument, "a text has nothing that could be replaced");
    if (argument.kind === "positional") continue;
    if (argument.name.text !== "unit")
      return refuse(argument.name, `\`dataset.${corpus?.name ?? "text"}\` has no argument \`${argument.name.text}\``);
    unit = argument.value;
  }
  const names = namesIn(call);
  const path = corpus === undefined ? pathIn(world, scope, call, names.length) : null;
  if (path === "told") return null;
  if (names.length !== 3 || (corpus === undefined && path === null))
    return refuse(
      call,
      corpus === undefined
        ? "`dataset.text` takes a path and three axes: of documents, of places in them, and of symbols"
        : `\`dataset.${corpus.name}\` takes three axes: of documents, of places in them, and of symbols`,
    );
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
        help: usageOf(corpus),
        ...written,
      },
    );
    return null;
  }
  const text = corpus === undefined ? textOf(world, scope, path, chosen) : corpusOf(corpus, chosen, call.span);
  if (text === null) return null;
  const { dataset, documents, longest, spellings } = text;
  const { span } = dataset;
  const symbols = typeof spellings === "number" ? spellings : spellings.length;
  const size = (value: number) => ({ kind: "plain", size: number(value, int, span) }) as const;
  const spelt = typeof spellings === "number" ? null : ({ kind: "label", labels: spellings } as const);
  return {
    dataset,
    names,
    kinds: [size(documents), size(longest), size(symbols)],
    sampled: false,
    members: [
      { name: "symbol", over: [0, 1], type: (axes) => indexOf(axes[2]), column: { kind: "named", name: "symbol" } },
      { name: "length", over: [0], type: () => int, column: { kind: "named", name: "length" } },
      ...(spelt === null
        ? []
        : [{ name: "spelling", over: [2], type: () => spelt, column: { kind: "named", name: "spelling" } } as const]),
    ],
  };
}

interface Text {
  readonly dataset: Bound["dataset"];
  readonly documents: number;
  readonly longest: number;
  /** Or how many there are. */
  readonly spellings: readonly string[] | number;
}

function textOf(
  world: World,
  scope: Scope,
  path: { readonly value: string; readonly span: Call["span"] } | null,
  unit: TextUnit,
): Text | null {
  if (path === null) return null;
  const format = `text-${unit}` as const;
  const header = headerOf(world, scope, path.value, format, path.span);
  if (header === null || !("spellings" in header)) return null;
  return { ...header, dataset: { path: path.value, format, sha256: header.sha256, span: path.span } };
}

const corpusOf = ({ name, files, units }: Corpus, unit: TextUnit, span: Call["span"]): Text => ({
  ...units[unit],
  dataset: { path: `${name}/${unit}`, format: "set", sha256: files[0]?.sha256 ?? "", span },
});
