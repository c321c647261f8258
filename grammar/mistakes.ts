/** Spellings of other languages: what was probably meant, so that one slip does not hide the rest of the file. */
import type { TokenType } from "chevrotain";
import * as t from "./tokens.js";

export interface Meant {
  /** The token that stands in for the mistake. */
  readonly type: TokenType;
  /** How the language writes it; null when no single token does. */
  readonly text: string | null;
  /** What to do. */
  readonly help: string;
}

const meant = new Map<string, Meant>();
const add = (spellings: string, type: TokenType, text: string | null, help: string): void => {
  for (const spelling of spellings.split(" ")) meant.set(spelling, { type, text, help });
};
add("**", t.Caret, "^", "a power is written `^`");
add("&& & \u2227", t.And, "and", "write `and`");
add("|| \u2228", t.Or, "or", "write `or`");
add("! \u00ac", t.Not, "not", "write `not`");
add("===", t.EqualEqual, "==", "a comparison is written `==`");
add("!== <> \u2260", t.NotEqual, "!=", "write `!=`");
add("\u2264", t.LessEqual, "<=", "write `<=`");
add("\u2265", t.GreaterEqual, ">=", "write `>=`");
add("\u2248", t.EqualEqual, "==", "write `approx(a, b, rel: 0.05)`, or `==` for exact equality");
add("\u2208", t.In, "in", "write `in`");
add(":=", t.Equals, "=", "a definition is written `=`");
add("\u00d7 \u00b7 \u22c5", t.Star, "*", "a product is written `*`");
add("\u2212 \u2013 \u2014", t.Minus, "-", "minus is written `-`");
add("\u2190", t.Arrow, "<-", "an update is written `<-`");
add("=> -> \u2192", t.Colon, null, "a name and its value are joined by `:`, a result is named on the left of `=`");
add("+= -= *= /=", t.Arrow, null, "an update names both sides: `x <- x + …`");

/** What a token of type `Foreign` was meant to be; null for quotation marks, which are treated on their own. */
export function whatWasMeant(spelling: string): Meant | null {
  return meant.get(spelling) ?? null;
}

/** Words that begin statements elsewhere. */
const elsewhere = new Map<string, string>([
  ["def", "a function is written `fn name(x) = …`"],
  ["function", "a function is written `fn name(x) = …`"],
  ["func", "a function is written `fn name(x) = …`"],
  ["lambda", "a function is written `fn name(x) = …`"],
  ["import", "another file is brought in by `use name`"],
  ["include", "another file is brought in by `use name`"],
  ["from", "another file is brought in by `use name`"],
  ["var", "a constant is written `let c = …`, a value that changes `state s[i] = …`"],
  ["const", "a constant is written `let c = …`"],
  ["parameter", "a trainable tensor is written `param W[i, o] ~ …`"],
  ["model", "a model is a `memory`"],
  ["class", "a bundle of declarations is a `memory`, `data` or `optimizer`"],
  ["dataset", "data are declared by `data name = dataset.mnist(…)`"],
  ["while", "repetition is written `for 100 steps` with `stop when …`, or `scan i { … }`"],
  ["loop", "repetition is written `for 100 steps`, or `scan i { … }`"],
  ["repeat", "repetition is written `for 100 steps`, or `scan i { … }`"],
  ["minimise", "it is spelt `minimize`"],
  ["maximize", "write `minimize -(…)`"],
  ["plot", "a figure is written `chart name = line(x: step, y: …)`"],
  ["figure", "a figure is written `chart name = line(x: step, y: …)`"],
  ["assert", "write `claim name { expect … }`"],
  ["print", "what is to be seen stands in a `chart`, a `table` or a `text`"],
  ["log", "what is to be kept is named in `record { … }`"],
  ["seed", "write `sweep seed in 0..4`"],
]);
export function elsewhereWord(text: string): string | null {
  return elsewhere.get(text) ?? null;
}
