/** AM9001: what the language has and this compiler has not yet. */
import type { CodeTable } from "./entry.js";

export const unsupportedCodes: CodeTable = {
  AM9001: {
    title: "Not implemented yet",
    explanation:
      "The language has this, and this version of amemc cannot do it. Nothing is computed in its place: a spec that needs it does not run. `docs/language.md` says what is there.",
    example:
      "experiment e {\n  axis i = 2\n  x[i] = i\n  measure m { y = cross_entropy(i where i > 0) x[i] at 1 }\n}\n",
  },
};
