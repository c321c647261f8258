/** A spec comes from anywhere: what it may read, what its words may do to a terminal or a page, and how long it may take. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CheckedSpec } from "../../src/pipeline.js";
import { checkSpec, planSpec } from "../../src/pipeline.js";
import { UserError } from "../../src/base/diagnostic.js";
import { readSpec } from "../../src/cli/spec-texts.js";
import { filesBelow } from "../../src/results/store/files.js";
import { amemc, folderWith } from "./helpers.js";

const codesOf = (text: string): readonly string[] =>
  [...text.matchAll(/\[(AM\d{4})\]/gu)].map(([, code]) => code ?? "");
const around = (body: string): string => `experiment e {\n${body}\n}\n`;
const measure = (value: string): string => `  measure m { y = ${value} }`;

describe("files outside of the spec's folder", () => {
  const SECRET = "do_not_tell";
  const reading = (path: string): string =>
    around(`  data d = dataset.csv("${path}") { x[sample] = column("x") }\n${measure("sum(sample) d.x[sample]")}`);

  test.each([
    ["a data file above", reading("../secret.csv"), "AM5002"],
    ["an absolute path", reading("/etc/passwd"), "AM5002"],
    ["a link", reading("link.csv"), "AM5002"],
    ["a folder that is a link", reading("linked/secret.csv"), "AM5002"],
    ["a module that is a link", `use secret\n${around(measure("1"))}`, "AM5002"],
    ["a module in a folder that is a link", `use linked.other\n${around(measure("1"))}`, "AM5002"],
    ["a module above", `use ..other\n${around(measure("1"))}`, "AM1003"],
  ])("%s is not read", async (_, spec, code) => {
    const outer = folderWith({ "secret.csv": `x\n${SECRET}\n`, "other.amem": SECRET });
    const folder = join(outer, "inner");
    mkdirSync(folder);
    writeFileSync(join(folder, "s.amem"), spec);
    symlinkSync(join(outer, "secret.csv"), join(folder, "link.csv"));
    symlinkSync(join(outer, "other.amem"), join(folder, "secret.amem"));
    symlinkSync(outer, join(folder, "linked"));
    const { code: exit, out, err } = await amemc(folder, ["check", "s.amem"]);
    expect([exit, codesOf(err)[0]]).toEqual([2, code]);
    expect(out + err).not.toContain(SECRET);
  });
});

describe("words of a spec", () => {
  /** Colours, a bell, a title, the cursor, text from right to left, markup. */
  const HOSTILE = "\u001b[31m\u0007\u001b]0;x\u0007\u009b2J\u202e\u2066</script><img src=x onerror=alert(1)>";
  const text = HOSTILE.replaceAll('"', "'");
  const spec = `/// ${text} [link](javascript:alert(1)) ![image](http://a.b/c.png) <b onclick="x()">b</b>
experiment e "${text}" {
  data d = dataset.csv("points.csv") { x[sample] = column("x"), kind[sample] = category("kind") }
  sweep eta in [1, 2]
  measure m { y[sample] = eta * d.x[sample] }
  claim c "${text}" { expect m.y > 1 }
  chart l "${text}" = line(x: eta, y: m.y[sample: first])
  text "${text} [link](javascript:alert(1))"
}
`;
  // Line breaks aside, no character that a terminal obeys, nor one that turns the direction of text.
  const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

  test("reach neither the terminal nor the page as they are", async () => {
    const folder = folderWith({ "s.amem": spec, "points.csv": `x,kind,"${text}"\n1,"${text}",0\n2,b,0\n` });
    for (const args of [
      ["check"],
      ["explain"],
      ["plan"],
      ["run", "--engine", "portable", "--junit", "j.xml"],
      ["why"],
    ]) {
      const [command = "", ...options] = args;
      const point = command === "why" ? ["eta=1"] : [];
      const { code, out, err } = await amemc(folder, [command, "s.amem", ...point, ...options]);
      expect([command, code === 0 || code === 1, codesOf(err)]).toEqual([command, true, []]);
      expect([command, obeyed.exec(out + err)?.[0]]).toEqual([command, undefined]);
    }
    const files = filesBelow(folder, (name) => /\.(?:html|xml)$/u.test(name));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const page = readFileSync(file, "utf8");
      expect([file, page.includes("<img src=x"), /href="\s*javascript:/iu.test(page)]).toEqual([file, false, false]);
      expect([file, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/u.test(page)]).toEqual([file, false]);
    }
    expect(readFileSync(join(folder, "out/s/report.html"), "utf8")).not.toContain('a.b/c.png"');
  });

  test("faults show names of files and columns without what a terminal obeys", async () => {
    const name = "s\u001b[31m\u202e.amem";
    const folder = folderWith({
      [name]: around(
        `  data d = dataset.csv("p.csv") { x[sample] = column("y") }\n${measure("sum(sample) d.x[sample]")}`,
      ),
      "p.csv": `"${text}"\n1\n`,
    });
    for (const args of [["check", name], ["run", name], ["report", name], ["check", `no${name}`], [name]]) {
      const { code, out, err } = await amemc(folder, args);
      expect([args, code, obeyed.exec(out + err)?.[0]]).toEqual([args, 2, undefined]);
    }
  });
});

describe("a spec that means very much", () => {
  const chain = (first: string, next: (before: string, k: number) => string, count: number): string =>
    [`  b0 = ${first}`, ...Array.from({ length: count }, (_, k) => `  b${k + 1} = ${next(`b${k}`, k)}`)].join("\n");
  const train = (body: string, loss: string, steps = "1", record = "record { w }"): string =>
    `${around(`  param w = 1\n${body}\n  train t {\n    minimize ${loss} over w\n    using s(lr: 1)\n    for ${steps} steps\n    ${record}\n  }`)}
optimizer s(lr) for w[..] {
  w[..] <- w[..] - lr * grad[..]
}
`;
  const doubling = Array.from({ length: 40 }, (_, k) => `fn f${k + 1}(x) = f${k}(x) + f${k}(x + 1)`).join("\n");
  const nested = Array.from(
    { length: 30 },
    (_, k) => `memory m${k + 1}(i: axis) {\n  memory a = m${k}(i)\n  memory b = m${k}(i)\n}`,
  ).join("\n");

  test.each([
    ["a long range", around(`  sweep a in 0..1000000000\n${measure("a")}`), "AM4007"],
    ["powers over a long range", around(`  sweep a in powers(2, 1..1000000000)\n${measure("a")}`), "AM4007"],
    ["a fine grid", around(`  sweep a in linspace(0, 1, 1000000000000)\n${measure("a")}`), "AM4007"],
    [
      "lists of lists of lists",
      around(
        `  let l0 = [1, 2]\n${Array.from({ length: 40 }, (_, k) => `  let l${k + 1} = concat(l${k}, l${k})`).join("\n")}\n  sweep a in l40\n${measure("a")}`,
      ),
      "AM4007",
    ],
    ["a sum over a large axis", around(`  axis i = 2000000000\n  let a = sum(i) real(i)\n${measure("a")}`), "AM4034"],
    [
      "sweeps that multiply",
      around(`${"abcdef".replace(/./gu, (name) => `  sweep ${name} in 0..999\n`)}${measure("a + b + c + d + e + f")}`),
      "AM4020",
    ],
    [
      "a result over a large axis",
      around("  axis i = 2000000000\n  x[i] ~ normal(0, 1)\n  measure m { y[i] = x[i] }"),
      "AM4008",
    ],
    ["fns that call fns twice", `fn f0(x) = x\n${doubling}\n${around(measure("f40(1)"))}`, "AM4035"],
    [
      "such fns in a claim",
      `fn f0(x) = x\n${doubling}\n${around(`${measure("1")}\n  claim c { expect f40(m.y) > 0 }`)}`,
      "AM4035",
    ],
    [
      "a value squared very often",
      `fn q(x) = x * x\n${around(`  sweep a in 0..2\n${measure(`${"q(".repeat(60)}a${")".repeat(60)}`)}`)}`,
      "AM4035",
    ],
    [
      "templates of templates",
      `memory m0(i: axis) {\n  param W[i] = 0\n}\n${nested}\n${around(`  axis i = 2\n  memory M = m30(i)\n${measure("1")}`)}`,
      "AM4035",
    ],
    [
      "`with` inside of `with`",
      train(
        chain("w", (before) => `(${before} with w = ${before}) + ${before}`, 30),
        "b30",
      ),
      "AM4036",
    ],
    [
      "derivatives of derivatives",
      train(
        chain("w^3", (before) => `grad(${before}, w) * ${before}`, 30),
        "w^2",
        "1",
        "record { g = b30 }",
      ),
      "AM4036",
    ],
    ["records at every one of very many steps", train("", "w^2", "2000000000"), "AM4033"],
    ["deep brackets", around(measure(`${"(".repeat(20_000)}1${")".repeat(20_000)}`)), "AM1014"],
    ["a text of 10 MB", `// ${"x".repeat(10_000_000)}\n${around(measure("1"))}`, "AM1015"],
  ])("%s is answered within seconds", async (_, spec, code) => {
    const folder = folderWith({ "s.amem": spec });
    const began = performance.now();
    expect(await firstCode(join(folder, "s.amem"))).toBe(code);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test("very deep definitions are no fault of amemc", async () => {
    const folder = folderWith({
      "s.amem": train(
        chain("w", (before) => `${before} + 1`, 5000),
        "b5000",
      ),
    });
    const { code, err } = await amemc(folder, ["explain", "s.amem", "--engine", "portable"]);
    expect([code, codesOf(err)]).toEqual([2, ["AM4037"]]);
  });

  test("draws that do not fit into memory are refused before anything runs", async () => {
    const spec = around(`  axis i = 2000000000\n  x[i] ~ normal(0, 1)\n${measure("sum(i) x[i]")}`);
    const { code, err } = await amemc(folderWith({ "s.amem": spec }), [
      "run",
      "s.amem",
      "--engine",
      "portable",
      "--memory",
      "8GB",
    ]);
    expect([code, codesOf(err)]).toEqual([2, ["AM7204"]]);
  });

  async function firstCode(path: string): Promise<string | undefined> {
    let spec: CheckedSpec;
    try {
      spec = await checkSpec(readSpec(path), { profile: null, settings: {} });
      const fault = spec.diagnostics.find(({ severity }) => severity === "error");
      if (fault !== undefined) return fault.code;
      await planSpec(spec, "portable", false);
    } catch (error) {
      if (error instanceof UserError) return error.diagnostic.code;
      throw error;
    }
    return undefined;
  }
});
