/** AM6014, AM6015: claims that results do not decide. Warnings of the checker. */
import { inside, type CodeTable } from "./entry.js";

export const doubtCodes: CodeTable = {
  AM6014: {
    title: "A claim that no result can change",
    explanation:
      "What is compared lies on one side of the bound whatever the runs give (a share is at most 1, a sum of squares at least 0), or both sides are the same expression. So the claim says nothing about the results. Told of the whole claim only, not of one end of `0 <= x < 0.5`, and not under a profile or `--set`.",
    example: inside(
      "axis i = 9\nx[i] ~ normal(0, 1)\nmeasure m { wrong = mean(i) (x[i] > 1) }\nclaim few { expect m.wrong <= 1 }\n",
    ),
    mend: [["m.wrong <= 1", "m.wrong <= 0.5"]],
  },
  AM6015: {
    title: "A condition that no coordinate passes",
    explanation:
      "The `where` compares coordinates of sweeps, axes or recorded steps only, and none of those in the plan is like that. Of nothing, `all` holds and `any` does not, a mean has no value, and a claim as a whole is undecided.",
    example: inside("sweep n in [1, 2, 5]\nmeasure m { y = n^2 }\nclaim large { expect m.y > 20 where n > 5 }\n"),
    mend: [["where n > 5", "where n >= 5"]],
  },
};
