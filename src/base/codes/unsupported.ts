/** AM9001: what the language has and this compiler has not yet. */
import type { CodeTable } from "./entry.js";

export const unsupportedCodes: CodeTable = {
  AM9001: {
    title: "Not implemented yet",
    explanation:
      "The language has this, and this version of amemc cannot do it. Nothing is computed in its place: a spec that needs it does not run. `docs/language.md` says what is there.",
    example:
      "experiment e {\n  evolve decay {\n    state s = 1\n    sequence part in 0..1 { s <- s / 2 }\n    for 3 steps\n  }\n}\n",
  },
};
