import { describe, expect, it } from "vitest";
import type { DoctorReport } from "../../src/cli/doctor.js";
import { doctor, renderDoctor } from "../../src/cli/doctor.js";

const report: DoctorReport = {
  amemc: "0.1.0",
  node: "20.0.0",
  platform: "linux x64",
  cpu: { model: "a processor", cores: 2, threadVariables: { OMP_NUM_THREADS: "1" } },
  memory: { bytes: 8e9 },
  tensorflow: { info: null, loads: false, xla: false, why: "no pip was found", seconds: 0 },
  engine: "portable",
  bundles: [],
  caches: [{ name: "xla", path: "/cache/xla", bytes: 0, writable: true, freeBytes: 1e10 }],
  problems: [{ what: "there is no native TensorFlow", todo: "npx amemc setup" }],
};

describe("amemc doctor", () => {
  it("says what is in use on this machine", async () => {
    const found = await doctor();
    expect(found.node).toBe(process.versions.node);
    expect(found.caches.map((cache) => cache.name)).toEqual(["tensorflow", "binding", "xla", "code"]);
    expect(found.engine).toBe(found.tensorflow.loads ? "graph" : "portable");
    if (process.env.AMEMC_REQUIRE_NATIVE === "1") expect(found.tensorflow.xla).toBe(true);
    const text = renderDoctor(found);
    for (const problem of found.problems) expect(text).toContain(problem.todo);
  });

  it("tells problems together with what to do", () => {
    const text = renderDoctor(report);
    expect(text).toContain("TensorFlow  none\n");
    expect(text).toContain("problem     there is no native TensorFlow\n  to do     npx amemc setup\n");
    expect(renderDoctor({ ...report, problems: [] })).toMatch(/all is well\n$/);
  });

  it("names TensorFlow's build, its binding and XLA", () => {
    const info = { source: "wheel", version: "2.21.0", bindingPath: "/cache/b.node", xla: true } as const;
    const text = renderDoctor({ ...report, tensorflow: { info, loads: true, xla: true, why: null, seconds: 1.2 } });
    expect(text).toContain("2.21.0 from the tensorflow-cpu wheel, loads (1.2 s with the check of XLA)");
    expect(text).toContain("/cache/b.node");
    expect(text).toContain("compiles and runs a small program");
  });
});
