import { expect, test } from "vitest";
import { printExperiment } from "../../src/language/print.js";
import spike from "./spike.amem";
import { checkedText } from "./support.js";

test("the spec of the manual's second section becomes a typed experiment", () => {
  const { experiment, scope, statements } = checkedText(spike);
  console.log(printExperiment(experiment));
  expect(experiment.phases.map((phase) => phase.name)).toEqual(["fit"]);
  expect(statements.map((statement) => statement.kind)).toEqual(["chart", "chart", "claim", "claim"]);
  expect(scope.get("fit")?.kind).toBe("phase");
});
