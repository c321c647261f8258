/**
 * Keys and values of twenty programs, as they were: what changes values must change keys, else stored results would be taken for new ones.
 * `AMEMC_UPDATE_GOLDEN=1` writes the file anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { at } from "../../src/ir/fault.js";
import { hashSlice } from "../../src/ir/hash.js";
import { difference } from "../support/blocks.js";
import { randomProgram } from "../support/programs.js";

interface Golden {
  readonly key: string;
  readonly values: readonly number[];
}

const file = new URL("../golden/ir-keys.json", import.meta.url);
const update = process.env.AMEMC_UPDATE_GOLDEN === "1";

function golden(seed: number): Golden {
  const { program, expected } = randomProgram(seed, { runs: 1, steps: 3, dtype: "f64", stop: false });
  const groups = program.loop?.groups ?? [];
  const roots = groups.flatMap((group) => group.entries.map(({ value }) => value));
  const values = at(expected, 0).last.flatMap((group) => group.flatMap((entry) => [...entry]));
  return { key: hashSlice(program, roots).hash, values };
}

const found = Array.from({ length: 20 }, (_, seed) => golden(seed));
if (update) writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
const stored = JSON.parse(readFileSync(file, "utf8")) as Golden[];

describe("keys and values", () => {
  it.each(found.map((_, seed) => seed))("of program %i change together", (seed) => {
    const [now, before] = [at(found, seed), at(stored, seed)];
    // Elementary functions differ between machines in the last digits.
    const values = difference(now.values, before.values, { relative: 1e-9, absolute: 1e-9 });
    if (values !== null && now.key === before.key) {
      throw new Error(`values changed (${values}) under the same key: raise the semantics number of the op`);
    }
    // Else both or only the key changed: results are computed anew, which should be meant.
    expect(now.key).toBe(before.key);
    expect(values).toBeNull();
  });
});
