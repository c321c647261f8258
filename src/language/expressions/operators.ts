/** The operators by their signs, loosest first. */
import type { Binary, Comparator } from "../../../grammar/tree.js";
import type { Table } from "../described.js";

type Sign = Binary["operator"] | Comparator | "not" | "if" | "case" | "with";

const compared = (sign: string, says: string): Table[string] => ({ form: `a ${sign} b`, says });

export const operators: Table<Sign> = {
  with: {
    form: "e with x[i] = f",
    says: "e where the tensor x is replaced by f; further indices of f are the result's",
    derivative: "yes",
  },
  "|": { form: "clip_norm(1) | adam(lr: 0.1)", says: "in `using`: changes all gradients, then goes on" },
  if: { form: "if c then a else b", says: "nothing passes the branch that is not taken", derivative: "yes" },
  case: {
    form: "case L { p: a, else: b }",
    says: "chooses by a label; on a sweep, only that arm is compiled",
    derivative: "yes",
  },
  or: { form: "c or d", says: "of bools" },
  and: { form: "c and d", says: "of bools" },
  not: { form: "not c", says: "of a bool" },
  "==": compared("==", "of numbers, bools, labels of one set, positions of one axis"),
  "!=": compared("!=", "the same"),
  "<": compared("<", "of numbers; comparisons of one direction chain: `a < b <= c`"),
  "<=": compared("<=", "of numbers"),
  ">": compared(">", "of numbers"),
  ">=": compared(">=", "of numbers"),
  in: { form: "a in [1, 2]", says: "whether a is one of a written list" },
  "+": { form: "a + b", says: "ints stay ints", derivative: "yes" },
  "-": { form: "a - b, -a", says: "ints stay ints; `-a^2` is `-(a^2)`", derivative: "yes" },
  "++": { form: "axis u = a ++ b", says: "joins axes" },
  "*": { form: "a * b", says: "ints stay ints; reductions reach over it", derivative: "yes" },
  "/": { form: "a / b", says: "always real", derivative: "yes" },
  "^": {
    form: "a^b",
    says: "from the right; with an int constant repeated multiplication, 0^0 = 1",
    derivative: "yes",
  },
};
