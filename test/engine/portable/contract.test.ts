/** Sums of products larger than a tile, with every way of varying over runs, against sums written out. */
import { describe, expect, it } from "vitest";
import { createPortableEngine } from "../../../src/engine/portable/index.js";
import { Builder } from "../../../src/ir/builder.js";
import { evaluateProgram } from "../../../src/ir/oracle.js";
import { Sampler } from "../../../src/ir/sampler.js";
import { at } from "../../../src/ir/fault.js";
import { blockInputs, difference, runOf, varyingValues } from "../../support/blocks.js";

const engine = createPortableEngine();

/** Operands by the dims that they have, of a, b, c, d, e (d is large); the result is over what is not summed. */
const cases = [
  { factors: ["ad", "db"], over: "d" },
  { factors: ["da", "bd"], over: "d" },
  { factors: ["acd", "dcb"], over: "d" },
  { factors: ["abd", "dc", "ce"], over: "dc" },
  { factors: ["ab", "cd"], over: "bd" },
  { factors: ["ad", "ad"], over: "ad" },
  { factors: ["d", "d"], over: "d" },
  { factors: ["a", "b"], over: "" },
  { factors: ["ab", "bc", "cd", "de"], over: "bcd" },
  { factors: ["abcd"], over: "bd" },
  { factors: ["a", "", "ab"], over: "a" },
];

describe("contractions", () => {
  for (const runs of [1, 3, 16]) {
    for (const { factors, over } of cases) {
      it(`sums ${factors.join(" ")} over ${over === "" ? "nothing" : over} in blocks of ${runs}`, () => {
        for (let varying = 0; varying < 2 ** factors.length; varying++) {
          const b = new Builder();
          const sizes = { a: 7, b: 6, c: 3, d: 11, e: 2 };
          const dims = new Map(Object.entries(sizes).map(([name, size]) => [name, b.dim(name, size)]));
          const dimsOf = (names: string) => Array.from(names, (name) => dims.get(name) ?? -1);
          const s = new Sampler(17 * varying + runs, b, "f64");
          const inputs = Array.from({ length: runs }, (): Float64Array[] => []);
          const varyingInputs = new Set<number>();
          const operands = factors.map((names, k) => {
            const first = s.tensor(dimsOf(names));
            const varies = runs > 1 && ((varying >> k) & 1) === 1;
            if (varies) varyingInputs.add(k);
            inputs.forEach((run, r) => run.push(varies && r > 0 ? s.tensor(dimsOf(names)).data : first.data));
            return b.input({ name: names, type: first.type, source: { kind: "scalar", index: k } });
          });
          const value = b.contract(operands, dimsOf(over));
          const program = b.finish({ name: "products", loop: null, outputs: [{ name: "value", value }] });
          const executable = engine.prepare({
            program,
            runs,
            varying: varyingValues(program, varyingInputs),
            slotsPerCall: 1,
          });
          const arrays = blockInputs(program, inputs, varyingInputs);
          const { outputs } = executable.call({ arrays }, { steps: 0, groups: [] }, null, 0);
          inputs.forEach((run, r) => {
            const expected = at(evaluateProgram(program, run).outputs, 0);
            const found = runOf(at(outputs ?? [], 0), runs, r);
            expect(difference(found, expected, { relative: 1e-12, absolute: 1e-12 })).toBe(null);
          });
        }
      });
    }
  }
});
