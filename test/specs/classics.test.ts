/** The classics, each written from the reference alone: their claims are met on the engine at hand. */
import { expect, test } from "vitest";
import { readNativeRecord } from "../../src/base/native.js";
import { amemc, temporaryFolder } from "./command.js";
import { unmovedExpectations } from "./perturbed.js";

const native = readNativeRecord().info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1";
const engine = native ? "graph" : "portable";

test.each(["bidirectional", "capacity", "fast_weights", "temperature"])(
  "the claims of classics/%s are met, and could fail",
  async (spec) => {
    const out = temporaryFolder();
    const { status, stderr } = amemc(["run", `specs/classics/${spec}.amem`, "--engine", engine, "--out", out]);
    // A long run says how far it is, and nothing else.
    expect(stderr.split("\n").filter((line) => line !== "" && !/^\d+ %, /u.test(line))).toEqual([]);
    expect(status).toBe(0);
    expect(await unmovedExpectations(`classics/${spec}`, out)).toEqual([]);
  },
);
