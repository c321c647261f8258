/**
 * `dataset.text("*.txt", doc, time, symbol, unit: "word")` binds `symbol[doc, time]`, `length[doc]` and `spelling[symbol]`; so does
 * `dataset.moby_dick(doc, time, symbol, unit: "character")` of a built-in text, but for the spellings of its words.
 */
import type { Call, Expr as TreeExpr } from "../../grammar/tree.js";
import type { Corpus } from "../datasets/sets/corpora.js";
import { textUnits, type TextUnit } from "../datasets/text.js";
import { type Bound, indexOf, namesIn } from "./data-bound.js";
import { headersOf, type Paths, pathsIn } from "./data-open.js";
import { chosenNumber } from "./data-points.js";
import { faulty, int } from "./expressions/build.js";
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
  const path = corpus === undefined ? pathsIn(world, scope, call, names.length) : null;
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
  const texts = path === null ? corpusOf(corpus, chosen, call.span) : textsOf(world, scope, path, chosen);
  const [first] = texts ?? [];
  if (texts === null || first === undefined) return null;
  const { span } = first.dataset;
  const labels = spellingsOf(texts);
  const choice = path?.chosen ?? null;
  const size = (of: (text: Text) => number) =>
    ({ kind: "plain", size: chosenNumber(choice, texts.map(of), span) }) as const;
  return {
    datasets: texts.map(({ dataset }) => dataset),
    chosen: choice,
    names,
    kinds: [size(({ documents }) => documents), size(({ longest }) => longest), size(symbolsOf)],
    sampled: false,
    members: [
      { name: "symbol", over: [0, 1], type: (axes) => indexOf(axes[2]), column: { kind: "named", name: "symbol" } },
      { name: "length", over: [0], type: () => int, column: { kind: "named", name: "length" } },
      ...(labels === null || labels.length === 0 ? [] : [spellingOf(labels)]),
    ],
    ...(labels === null
      ? { without: new Map([["spelling", "the texts that the path means have other symbols each"]]) }
      : {}),
  };
}

const symbolsOf = ({ spellings }: Text): number => (typeof spellings === "number" ? spellings : spellings.length);

/** The symbols' names are labels, which one type lists: null where the texts have others each; none where they are not known. */
function spellingsOf(texts: readonly Text[]): readonly string[] | null {
  const [first = [], ...others] = texts.map(({ spellings }) => (typeof spellings === "number" ? [] : spellings));
  return others.every((own) => own.join("\0") === first.join("\0")) ? first : null;
}

const spellingOf = (labels: readonly string[]): Bound["members"][number] => ({
  name: "spelling",
  over: [2],
  type: () => ({ kind: "label", labels }),
  column: { kind: "named", name: "spelling" },
});

interface Text {
  readonly dataset: Bound["datasets"][number];
  readonly documents: number;
  readonly longest: number;
  /** Or how many there are. */
  readonly spellings: readonly string[] | number;
}

function textsOf(world: World, scope: Scope, paths: Paths, unit: TextUnit): readonly Text[] | null {
  const opened = headersOf(world, scope, paths, `text-${unit}`);
  const texts = (opened ?? []).flatMap(({ header, dataset }) =>
    "spellings" in header ? [{ ...header, dataset }] : [],
  );
  return texts.length === paths.paths.length ? texts : null;
}

function corpusOf(corpus: Corpus | undefined, unit: TextUnit, span: Call["span"]): readonly Text[] {
  if (corpus === undefined) return [];
  const { name, files, units } = corpus;
  const dataset = { path: `${name}/${unit}`, format: "set", sha256: files[0]?.sha256 ?? "", span } as const;
  return [{ ...units[unit], dataset }];
}
