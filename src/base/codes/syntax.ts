/** AM1xxx: what is wrong with the text before any name has a meaning. */
import type { CodeTable } from "./entry.js";

export const syntaxCodes: CodeTable = {
  AM1001: {
    title: "Something else is expected here",
    explanation:
      "The text cannot go on like this. The message says what could stand at this place and what was found instead. A statement " +
      "defines something (`x[i] = …`), draws it (`x[i] ~ …`), updates it (`x[i] <- …`), or begins with a keyword, and it ends with its line " +
      "unless a bracket is open or an operator stands at the break.",
    example: "x = a b\n",
    mend: [["a b", "a * b"]],
  },
  AM1002: {
    title: "An expression is missing",
    explanation:
      "A value should stand here: a number, a name, a call, a reduction, an `if … then … else …`, or something in parentheses. " +
      "Lists stand in square brackets; braces hold blocks, and the labels of an axis or a sweep.",
    example: "x = 1 +\n\ny = 2 * / 3\n",
    mend: [
      ["1 +\n", "1 + y\n"],
      ["2 * / 3", "2 / 3"],
    ],
  },
  AM1003: {
    title: "A name is missing",
    explanation:
      "A name should stand here. Names are made of letters of any alphabet, digits and `_`, do not begin with a digit, and may end in primes: `dim'`, `ε_0`.",
    example: "axis = = 3\naxis 3 = 4\n",
    mend: [
      ["axis = = 3", "axis token = 3"],
      ["axis 3 = 4", "axis class = 4"],
    ],
  },
  AM1004: {
    title: "A reserved word cannot be a name",
    explanation:
      "`if then else and or not in where at over with case return true false` have their meaning everywhere. " +
      "All other keywords (`step`, `data`, `record`, …) may be used as names.",
    example: "axis at = 3\n",
    mend: [["at", "place"]],
  },
  AM1005: {
    title: "A bracket is never closed",
    explanation:
      "The place is a guess: where the next line begins no further in than the line of the open bracket, or where another bracket " +
      "closes around it. A block whose closing brace is missing is recognised by its indentation.",
    example: "x = max(a, (b + 1)\ny = 2\n",
    mend: [["(b + 1)", "(b + 1))"]],
  },
  AM1006: {
    title: "A bracket closes nothing",
    explanation:
      "No bracket of this kind is open here. It is left out, and the rest of the text is read as if it were not there.",
    example: "x = a + b)\n",
    mend: [["b)", "b"]],
  },
  AM1007: {
    title: "A text is never closed",
    explanation: 'A text in `"…"` ends on the line on which it begins. Prose over several lines stands in `"""…"""`.',
    example: 'source "arXiv:2402.18724\n',
    mend: [["18724", '18724"']],
  },
  AM1008: {
    title: "A comment is never closed",
    explanation:
      "A comment that begins with `/*` ends with `*/`; everything up to there, here to the end of the file, is left out.",
    example: "x = 1\n/* to be done\ny = 2\n",
    mend: [["done", "done */"]],
  },
  AM1009: {
    title: "A character without meaning",
    explanation:
      "This character belongs to no name, number or operator of the language. Formulas are written with words where mathematics has signs: `sum(i)`, `sqrt(x)`, `inf`.",
    example: "x = ∑ y\n",
    mend: [["∑ y", "sum(i) y[i]"]],
  },
  AM1010: {
    title: "A number that cannot be read",
    explanation:
      "A digit stands on both sides of a decimal point (`0.5`, `1.0`), so that `1..9` is a range; a number is not followed by letters, so a product is written `3 * x`.",
    example: "x = .5\ny = 3x\n",
    mend: [
      ["= .5", "= 0.5"],
      ["3x", "3 * x"],
    ],
  },
  AM1011: {
    title: "An operator of another language",
    explanation:
      "The message says how it is written here. Powers are `^`, conditions are joined by `and`, `or`, `not`, the remainder is `mod(a, b)`, and an update names both sides: `x <- x + 1`.",
    example: "x = a ** 2\n",
    mend: [["**", "^"]],
  },
  AM1012: {
    title: "A definition where a comparison is meant",
    explanation:
      "Inside an expression two values are compared by `==`; `=` defines what stands on its left, `<-` updates a state.",
    example: "x = if a = b then 1 else 0\n",
    mend: [["a = b", "a == b"]],
  },
  AM1013: {
    title: "Another sign belongs between these two sides",
    explanation:
      "A definition is written with `=` (a comparison, inside an expression, with `==`), a named argument and a channel of a chart with `:`.",
    example: "x == 3\n",
    mend: [["==", "="]],
  },
  AM1014: {
    title: "Nested too deeply",
    explanation:
      "Brackets, `if`, powers, signs, reductions and members inside each other are limited to 100 levels, so that no text, however it was made, can " +
      "bring the compiler down. Give an inner part a name of its own.",
    example: `x = ${"(".repeat(120)}1${")".repeat(120)}\n`,
  },
  AM1015: {
    title: "The file is too large",
    explanation:
      "A spec is read up to 4 million characters. Data belong into files of their own, which are read with `dataset.npz(…)` and its kin.",
    example: null,
  },
  AM1016: {
    title: "A typographic quotation mark or prime",
    explanation:
      'Texts stand between straight double quotation marks, `"…"`, and primes are straight: `dim\'`. Word processors like to replace both.',
    example: "text “measured”\n",
    mend: [
      ["“", '"'],
      ["”", '"'],
    ],
  },
  AM1017: {
    title: "A chain of comparisons that turns",
    explanation:
      "`a < b <= c` says that all three are in order, so its signs point one way; `==` may stand between them, `!=` may not. Join other comparisons by `and`.",
    example: "x = a < b > c\n",
    mend: [["a < b > c", "a < b and b > c"]],
  },
  AM1018: {
    title: "It is not clear how far a reduction reaches",
    explanation:
      "`sum`, `mean` and `prod` take the product that follows them, as on paper; `all` and `any` take a comparison; every other reduction and normaliser " +
      "takes one operand. A `*` or `/` right after that operand could be meant either way, so it needs parentheses: `(count(i) a[i]) * b` or `count(i) (a[i] * b)`.",
    example: "x = softmax(j) a[j] / t\n",
    mend: [["a[j] / t", "(a[j] / t)"]],
  },
  AM1019: {
    title: "A word or sign of another language",
    explanation:
      "The message says what it is here: functions are `fn`, constants `let`, comments begin with `//`, descriptions of what follows with `///`.",
    example: "def f(x) = x\n",
    mend: [["def", "fn"]],
  },
  AM1020: {
    title: "No statement begins like this",
    explanation:
      "A statement begins with a keyword (`memory`, `train`, `chart`, …) or with the name of what it defines, draws or updates.",
    example: "memry M = dense(a, b)\n",
    mend: [["memry", "memory"]],
  },
  AM1021: {
    title: "A part of a reduction is missing, or too much",
    explanation:
      "`cross_entropy(class) logits at target` and `solve(i, j) A at b` have two operands, joined by `at`. Every reduction has an operand, but " +
      "`first(step where c)` and `last(step where c)`, which ask for a coordinate.",
    example: "x = cross_entropy(class) s[class]\n",
    mend: [["s[class]", "s[class] at label"]],
  },
  AM1022: {
    title: "This is no reduction",
    explanation:
      "After the parentheses of a reduction its operand follows without an operator (`sum(i) x[i]`), and a `where` may stand inside them. " +
      "A function is called with all its arguments inside the parentheses.",
    example: "x = total(i) y[i]\n",
    mend: [["total", "sum"]],
  },
  AM1023: {
    title: "An expression that is too long",
    explanation:
      "A chain of operators of one kind (`a + b + c + …`) may have 1200 of them, a chain of `with` or `|` 100. Write a sum over an axis, or give parts of it names of their own.",
    example: `x = a${" with b = c".repeat(101)}\n`,
  },
  AM1024: {
    title: "An escape sequence without meaning",
    explanation:
      'In a text in `"…"` a backslash begins `\\n`, `\\t`, `\\"`, `\\\\`, `\\{`, `\\}` or `\\u{3b7}`. In prose, `"""…"""`, it is an ordinary character.',
    example: 'source "C:\\data"\n',
    mend: [["\\", "/"]],
  },
  AM1025: {
    title: "A hole in prose is never closed",
    explanation:
      "In a `text`, `{…}` stands for a measured number. A brace that is no hole is written `\\{`; in mathematics, `$…$`, and in code braces are what they are.",
    example: 'text """The loss is {fit.loss"""\n',
    mend: [["fit.loss", "fit.loss}"]],
  },
};
