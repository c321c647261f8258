/** Specs in their quick profiles, where they have one: all claims are met, and would not be by other results. A file a folder: files are shared out among cores. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { specsIn } from "../../scripts/specs.mjs";
import { readNativeRecord } from "../../src/base/native.js";
import { root } from "../docs/blocks.js";
import { amemc, temporaryFolder } from "./command.js";
import { unmovedExpectations } from "./perturbed.js";

const native = readNativeRecord().info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1";
const engine = native ? "graph" : "portable";

/** Those that other tests run at full size. */
export const elsewhere = /^classics\/|^quickstart|^linear\/(?:loss-spike|learning-rates|margins)\./u;

/** Expectations that neither turned nor reversed results can change, and why. */
const equal = "two results are the same, and turning both leaves that";
const residue = "an error that is 0 but for rounding is so in any order and with either sign";
const reasons: Readonly<Record<string, string>> = {
  "linear/landscapes.amem logistic, expectation 1": equal,
  "linear/two-particles.amem formula, expectation 1": equal,
  "measure/plug-in.amem mercer, expectation 1": residue,
  "muon/label-noise.amem unstable, expectation 2": residue,
  "scaling/infinite-data.amem constant, expectation 1": "it fails as it stands, and over other numbers too",
  "scaling/infinite-data.amem guessed, expectation 1": equal,
  "scaling/thresholds.amem guessed, expectation 1": equal,
  "linear/particles.amem equal, expectation 1": equal,
  "linear/particles.amem equal, expectation 2": equal,
  "muon/label-noise.amem together, expectation 1": "groups drop at almost the same step in whatever order they stand",
  "muon/noiseless.amem block_form, expectation 1": equal,
  "muon/noiseless.amem block_form, expectation 2": equal,
};

export function quickly(folder: string): void {
  test.each(specsIn().filter((spec) => spec.startsWith(`${folder}/`) && !elsewhere.test(spec)))(
    "%s",
    async (spec) => {
      const out = temporaryFolder();
      const hasProfile = readFileSync(join(root, "specs", spec), "utf8").includes("profile quick");
      const profile = hasProfile ? ["--profile", "quick"] : [];
      const { status, stderr } = amemc(["run", `specs/${spec}`, "--engine", engine, "--out", out, ...profile]);
      expect(stderr).not.toContain("error");
      expect(status).toBe(0);
      const unmoved = await unmovedExpectations(spec.replace(/\.amem$/u, ""), out);
      expect(unmoved.filter((text) => reasons[`${spec} ${text}`] === undefined)).toEqual([]);
    },
    300_000,
  );
}
