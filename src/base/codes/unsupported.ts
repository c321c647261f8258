/** AM9001: what the language has and this compiler has not yet. */
import type { CodeTable } from "./entry.js";

export const unsupportedCodes: CodeTable = {
  AM9001: {
    title: "Not implemented yet",
    explanation:
      "The language has this, and this version of amemc cannot do it. Nothing is computed in its place: a spec that needs it does not run. `docs/language.md` says what is there.",
    example:
      "experiment e {\n  axis a = 2\n  axis i = 3\n  q[a, i] = a + i + 0.5\n  fn edge(v[i]) = sharpness(sum(i) v[i]^3, v)\n  measure m { y[a] = edge(q[a, :]) }\n}\n",
  },
};
