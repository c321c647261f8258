/** Points that a profile or `--set` leaves out, and claims, equations and charts that name them. */
import { expect, test } from "vitest";
import { amemc, claim, descent, folderWith } from "./helpers.js";

const spec = descent({
  claims: [
    claim("small", "fit.loss[step: last, eta: 0.1] < 1"),
    claim("large", "fit.loss[step: last, eta: 0.5] < 1"),
    claim("both", "fit.loss[step: last, eta: 0.5] < fit.loss[step: last, eta: 0.1]"),
  ].join("\n"),
});
const run = (...more: readonly string[]): ReturnType<typeof amemc> =>
  amemc(folderWith({ "s.amem": spec }), ["run", "s.amem", "--engine", "portable", ...more]);

test("one warning for all places; what does not read them is judged", async () => {
  const { code, out, err } = await run("--set", "eta=0.1");
  expect(err.match(/AM\d+/gu)).toEqual(["AM6509"]);
  expect(err).toContain("this names a point that `--set eta` leaves out, and so does 1 more place");
  expect(out).toMatch(/holds +small/u);
  expect(out).toMatch(/undecided +large/u);
  expect(out).toMatch(/undecided +both/u);
  expect(code).not.toBe(2);
}, 60_000);

test("nothing is said of points that are there", async () => {
  const { err } = await run("--set", "eta=[0.5, 0.1]");
  expect(err).not.toMatch(/AM\d+/u);
}, 60_000);

test("a point that the spec itself does not have is an error as before", async () => {
  const { code, err } = await amemc(folderWith({ "s.amem": spec.replace("eta: 0.1]", "eta: 0.2]") }), [
    ...["run", "s.amem", "--engine", "portable", "--set", "eta=0.1"],
  ]);
  expect(err.match(/AM\d+/gu)).toEqual(["AM6020"]);
  expect(code).toBe(2);
}, 60_000);
