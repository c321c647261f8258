/** AM9001: what the language has and this compiler has not yet. */
import type { CodeTable } from "./entry.js";

export const unsupportedCodes: CodeTable = {
  AM9001: {
    title: "Not implemented yet",
    explanation:
      "The language has this, and this version of amemc cannot do it. Nothing is computed in its place: a spec that needs it does not run. `docs/language.md` says what is there.",
    example:
      "use std.optimizers\n\nexperiment e {\n  param w = 1\n  train fit {\n    minimize w^2 over w\n    using gd(lr: 0.1)\n    for 3 steps\n    record stepwise { w }\n  }\n}\n",
  },
};
