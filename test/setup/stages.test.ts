import { describe, expect, it } from "vitest";
import { importFault, readStages } from "../../scripts/lint/stage-order.mjs";

const stages = readStages();
const fault = (from: string, to: string, typeOnly = false): string | null => importFault(stages, from, to, typeOnly);

describe("the order of stages", () => {
  it("lets a stage import itself and earlier ones", () => {
    expect(fault("src/lower/a.ts", "src/lower/b.ts")).toBeNull();
    expect(fault("src/lower/a.ts", "src/ir/b.ts")).toBeNull();
    expect(fault("src/language/a.ts", "grammar/parser.ts")).toBeNull();
    expect(fault("src/pipeline.ts", "src/run/a.ts")).toBeNull();
    expect(fault("src/cli/main.ts", "src/report/a.ts")).toBeNull();
    expect(fault("test/a.ts", "src/report/a.ts")).toBeNull();
  });

  it("refuses later stages", () => {
    expect(fault("src/ir/a.ts", "src/lower/b.ts")).toContain("ir may not import lower");
    expect(fault("grammar/a.ts", "src/language/b.ts")).toContain("grammar may not import language");
    expect(fault("src/editor/a.ts", "src/run/b.ts")).toContain("editor may not import run");
    expect(fault("src/base/a.ts", "src/pipeline.ts")).not.toBeNull();
    expect(fault("src/plan/a.ts", "src/cli/b.ts")).not.toBeNull();
  });

  it("lets types through where the table says so", () => {
    expect(fault("src/engine/a.ts", "src/plan/b.ts", true)).toBeNull();
    expect(fault("src/engine/a.ts", "src/plan/b.ts", false)).toContain("types of plan only");
  });

  it("lets nobody but the worker load TensorFlow", () => {
    expect(fault("src/engine/worker.ts", "src/engine/graph/runtime.ts")).toBeNull();
    expect(fault("src/engine/graph/emit.ts", "src/engine/graph/runtime.ts")).toContain("src/engine/worker only");
    expect(fault("src/engine/worker/main.ts", "src/engine/graph/runtime.ts")).toBeNull();
    expect(fault("src/engine/graph/session.ts", "src/engine/graph/binding.ts", true)).toBeNull();
    expect(fault("test/engine/a.test.ts", "src/engine/graph/runtime.ts")).toBeNull();
    expect(fault("src/cli/main.ts", "src/engine/graph/runtime.ts")).not.toBeNull();
  });

  it("names every stage it lists", () => {
    for (const stage of Object.values(stages.stages))
      for (const name of [...stage.values, ...stage.types]) expect(Object.keys(stages.stages)).toContain(name);
  });
});
