/** The other ways in which the same program can be emitted: records and update together, and a graph without XLA. */
import { expect, it } from "vitest";
import { readNative } from "../../../src/base/native.js";
import { loadBinding } from "../../../src/engine/graph/binding.js";
import { emitModel } from "../../../src/engine/graph/emit.js";
import type { EmitOptions } from "../../../src/engine/graph/emit.js";
import { GraphExecutable } from "../../../src/engine/graph/executable.js";
import { knowsXla } from "../../../src/engine/graph/probe.js";
import { Session } from "../../../src/engine/graph/session.js";
import { opCases } from "../../support/op-cases.js";
import { randomProgram } from "../../support/programs.js";
import type { TestProgram } from "../../support/programs.js";
import { blockFaults, runBlock } from "./blocks.js";
import { describeNative, graphEngine } from "./native.js";
import { opFaults } from "./op-faults.js";

function prepare(test: Pick<TestProgram, "program" | "varying" | "runs">, slotsPerCall: number, options: EmitOptions) {
  graphEngine();
  const { program, varying, runs } = test;
  const block = { program, varying, runs, slotsPerCall };
  const model = emitModel(block, options);
  const session = new Session(loadBinding(readNative()?.bindingPath ?? ""), model);
  return new GraphExecutable(block, model, {
    compiled: options.xla,
    run: session.run.bind(session),
    release: session.release.bind(session),
    compile: session.compile.bind(session),
    dispose: session.dispose.bind(session),
  });
}

describeNative("graph engine: variants", () => {
  it("the library's XLA is found without running anything", () => {
    graphEngine();
    expect(knowsXla(loadBinding(readNative()?.bindingPath ?? ""))).toBe(readNative()?.xla);
  });

  it.each([1, 16])(
    "records and update together, in a block of %i",
    (runs) => {
      const test = randomProgram(70 + runs, { runs, stop: true });
      const [whole, small] = [10, 2].map((slots) => prepare(test, slots, { xla: true, joint: true }));
      if (whole === undefined || small === undefined) throw new Error("two were asked for");
      const one = runBlock(test, whole, 100);
      expect(blockFaults(test, one)).toEqual([]);
      expect(runBlock(test, small, 3)).toEqual(one);
      whole.dispose();
      small.dispose();
    },
    240_000,
  );

  it.each([1, 3, 16])(
    "programs without XLA, in a block of %i",
    (runs) => {
      for (const joint of [false, true]) {
        const test = randomProgram(80 + runs, { runs, stop: true });
        const executable = prepare(test, 3, { xla: false, joint });
        expect(blockFaults(test, runBlock(test, executable, 4))).toEqual([]);
        executable.dispose();
      }
    },
    120_000,
  );

  it.each([1, 3])(
    "ops without XLA, in a block of %i",
    (runs) => {
      const faults = opCases(90 + runs, { runs }).flatMap((batch) =>
        opFaults(batch, prepare(batch, 1, { xla: false, joint: false })),
      );
      expect(faults).toEqual([]);
    },
    120_000,
  );
});
