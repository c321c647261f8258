import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { ClaimsFile } from "../../src/results/claims-file.js";
import { amemc, folderWith } from "./helpers.js";

// `UPDATE_GOLDEN=1 npx vitest run test/cli/health.test.ts` accepts what is printed now.
const golden = fileURLToPath(new URL("../golden/health/", import.meta.url));
const specs = readdirSync(golden).filter((file) => file.endsWith(".amem"));

describe("what stands beside verdicts", () => {
  test.each(specs)("%s: terminal, claims.json, report", async (file) => {
    const text = readFileSync(golden + file, "utf8");
    const folder = folderWith({ [file]: text });
    const { out, err } = await amemc(folder, ["run", file, "--engine", "portable"]);
    const printed = `${out.split("\n").slice(0, -2).join("\n")}\n${err === "" ? "" : `\n${err}`}`;
    const expected = golden + file.replace(/\.amem$/u, ".txt");
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(expected, printed);
    expect(printed).toBe(readFileSync(expected, "utf8"));

    const results = join(folder, "out", file.replace(/\.amem$/u, ""));
    const claims = JSON.parse(readFileSync(join(results, "claims.json"), "utf8")) as ClaimsFile;
    const warnings = claims.experiments.flatMap((experiment) =>
      experiment.claims.flatMap(({ expectations }) => expectations.flatMap((one) => one.warnings)),
    );
    const told = [...out.matchAll(/warning\[(AM65\d\d)\] line (\d+)/gu)].map(([, code, line]) => [code, Number(line)]);
    expect(warnings.map(({ code, at }) => [code, at.line])).toEqual(told);
    const lines = text.split("\n");
    for (const { at } of warnings) {
      expect(at.file).toBe(file);
      expect((lines[at.line - 1] ?? "").slice(at.column - 1)).toMatch(/^expect /u);
    }
    const page = readFileSync(join(results, "report.html"), "utf8");
    expect(page.match(/<p class="health">/gu)?.length).toBe(warnings.length);
  });

  test("--json has them too, and the report from the folder alone says the same", async () => {
    const file = "seeds.amem";
    const folder = folderWith({ [file]: readFileSync(golden + file, "utf8") });
    const run = await amemc(folder, ["run", file, "--engine", "portable", "--json"]);
    const [experiment] = (JSON.parse(run.out) as ClaimsFile).experiments;
    const codes = experiment?.claims.map(({ expectations }) => expectations[0]?.warnings.map(({ code }) => code));
    expect(codes).toEqual([["AM6505"], ["AM6505"], []]);
    const again = await amemc(folder, ["report", "out/seeds", "--json"]);
    expect(JSON.parse(again.out)).toEqual(JSON.parse(run.out));
  });

  test("and no exit code hangs on them", async () => {
    const file = "seeds.amem";
    const folder = folderWith({ [file]: readFileSync(golden + file, "utf8") });
    expect((await amemc(folder, ["run", file, "--engine", "portable"])).code).toBe(0);
  });
});

describe("points that are not done", () => {
  const failing = `
experiment small "Reads that leave their axis" {
  sweep pace in [1, 2, 3, 4]
  axis place = 25
  state at_place = 0
  table[place] = place
  train walk {
    at_place <- at_place + pace
    for 10 steps
    record { here = table[at_place] }
  }
  claim far { expect walk.here[step: last] >= 10 }
}
`;

  test("are told at once with the command that repeats one, in one line at the end, and by a banner", async () => {
    const folder = folderWith({ "s.amem": failing });
    const { code, out, err } = await amemc(folder, ["run", "s.amem", "--engine", "portable", "--out", "my results"]);
    expect(code).toBe(3);
    const lines = [...err.matchAll(/again alone: `(.*)`/gu)].map(([, command]) => command ?? "");
    expect(lines).toHaveLength(2);
    const plan = readFileSync(join(folder, "my results/s/small/plan.json"), "utf8");
    for (const command of lines) {
      const [, key = ""] =
        /^amemc run s\.amem --engine portable --out 'my results' --point ([0-9a-f]{8,})$/u.exec(command) ?? [];
      expect(plan.split(`"key":"${key}`).length).toBe(2);
    }
    expect(out).toContain("\n4 points expected: 2 done, 2 failed\n");
    const page = readFileSync(join(folder, "my results/s/report.html"), "utf8");
    expect(page).toContain("<strong>These results are incomplete.</strong> 4 points expected: 2 done, 2 failed.");
  });
});
