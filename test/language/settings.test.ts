import { describe, expect, test } from "vitest";
import { printExperiment } from "../../src/language/print.js";
import { checkText, oneLine, printed } from "./support.js";

const text = `experiment e {
  sweep eta in [1, 10]
  sweep method in {gd, muon, sign}
  sweep (n, d) in [(2, 3), (4, 5), (4, 7)]
  let steps = 100
  let grid = [1, 2, 3]
  axis dim = d
  measure m { x[dim] = dim * eta * n * steps * grid[0]; y = case method { gd: 1, muon: 2, sign: 3 } }
  profile quick { sweep eta in [1]; sweep method in {muon, gd}; let steps = 2 }
  profile fixed { let eta = 5; sweep steps in [1, 2] }
  profile wrong { sweep etta in [1]; axis dim = 3 }
}
`;
const points = (options: Parameters<typeof printed>[1]): readonly string[] =>
  printed(text, options).filter((line) => /^(?:points|let)/u.test(line));

describe("profiles", () => {
  test("replace sweeps and constants; labels keep their set", () => {
    expect(points({ profile: "quick" })).toEqual([
      "points (eta) [1]",
      "points (method) ['muon, 'gd]",
      "points (n, d) (2, 3) (4, 5) (4, 7)",
      "let steps = 2",
      "let grid = [1, 2, 3]",
    ]);
  });
  test("a let for a sweep and a sweep for a let", () => {
    expect(points({ profile: "fixed" })).toEqual([
      "points (method) labels",
      "points (n, d) (2, 3) (4, 5) (4, 7)",
      "points (steps) [1, 2]",
      "let eta = 5",
      "let grid = [1, 2, 3]",
    ]);
  });
  test("faults", () => {
    expect(checkText(text, { profile: "quik" }).diagnostics.map(oneLine)).toEqual([
      "AM4016  there is no profile `quik`",
    ]);
    expect(
      checkText(text, { profile: "wrong" }).diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.help]),
    ).toEqual([
      ["AM4014", "did you mean `eta`?"],
      ["AM4014", undefined],
    ]);
  });
});

describe("profiles outside of experiments", () => {
  const file = `let steps = 100
profile quick { let steps = 2; sweep eta in [1]; let only = 7 }
profile wrong { let stepz = 2; axis dim = 3; sweep steps in [1] }
experiment a {
  sweep eta in [1, 10]
  let n = 3
  measure m { x = eta * steps * n }
  profile quick { let n = 4 }
}
experiment b {
  sweep eta in [5, 6]
  let only = 1
  measure m { x = eta * steps * only }
  profile quick { sweep eta in [2, 3] }
}
`;
  test("give values to every experiment that has the name, and to the file; an experiment's own has the last word", () => {
    const values = (profile?: string): readonly string[] => {
      const { experiments, diagnostics } = checkText(file, profile === undefined ? {} : { profile });
      expect(diagnostics).toEqual([]);
      return experiments.flatMap(({ experiment }) =>
        printExperiment(experiment)
          .split("\n")
          .filter((line) => /^(?:points|let)/u.test(line)),
      );
    };
    expect(values("quick")).toEqual([
      "points (eta) [1]",
      "let steps = 2",
      "let n = 4",
      "points (eta) [2, 3]",
      "let steps = 2",
      "let only = 7",
    ]);
    expect(values()).toEqual([
      "points (eta) [1, 10]",
      "let steps = 100",
      "let n = 3",
      "points (eta) [5, 6]",
      "let steps = 100",
      "let only = 1",
    ]);
  });
  test("tell what nothing has", () => {
    const { diagnostics } = checkText(file, { profile: "wrong" });
    expect(diagnostics.map(({ code, message, help }) => [code, message, help])).toEqual([
      ["AM4014", "neither the file nor an experiment has a sweep or `let` called `stepz`", "did you mean `steps`?"],
      ["AM4014", "a profile holds sweeps and `let`s, nothing else", undefined],
      [
        "AM4014",
        "`steps` stands outside of the experiments, and cannot be swept",
        "give it one value: `let steps = …`",
      ],
    ]);
    expect(checkText(file, { profile: "quik" }).diagnostics.map(oneLine)).toEqual([
      "AM4016  there is no profile `quik`",
    ]);
  });
});

describe("--set", () => {
  test("fixes a sweep, chooses a label, filters tuples, replaces a constant", () => {
    expect(points({ settings: { eta: "0.5", method: "sign", n: "4", steps: "7", grid: "[9]" } })).toEqual([
      "points (eta) [0.5]",
      "points (method) ['sign]",
      "points (n, d) (4, 5) (4, 7)",
      "let steps = 7",
      "let grid = [9]",
    ]);
    expect(points({ settings: { eta: "[1, 2]" } })[0]).toBe("points (eta) [1, 2]");
    for (const several of ["{sign, gd}", "[sign, gd]", " { sign,gd } "])
      expect(points({ settings: { method: several } })[1]).toBe("points (method) ['sign, 'gd]");
    expect(points({ settings: { d: "[7, 3]" } })[2]).toBe("points (n, d) (2, 3) (4, 7)");
    expect(points({ settings: { steps: "3" }, profile: "quick" })[3]).toBe("let steps = 3");
  });
  test("faults", () => {
    const said = (settings: Readonly<Record<string, string>>): readonly (readonly (string | undefined)[])[] =>
      checkText(text, { settings }).diagnostics.map(({ code, help }) => [code, help]);
    expect(said({ stepps: "3" })).toEqual([["AM4015", "did you mean `steps`?"]]);
    expect(said({ method: "adam" })).toEqual([["AM2013", undefined]]);
    expect(said({ method: "{sign, adam}" })).toEqual([["AM2013", undefined]]);
    expect(said({ method: "3" })).toEqual([["AM4014", "write `method=gd`, or several: `method={gd, muon}`"]]);
    expect(said({ n: "9" })).toEqual([["AM4014", undefined]]);
    expect(said({ n: "[4, 9]" })).toEqual([["AM4014", undefined]]);
    expect(
      checkText(text, { settings: { eta: "1 +" } }).diagnostics.map((diagnostic) => diagnostic.span?.file),
    ).toEqual(["--set eta"]);
  });
  test("reaches constants of the file, those that others depend on too; an experiment's own of this name as well", () => {
    const spec = `use used
let alpha = 0.5
let beta = 2 * alpha
let grid = [1, 2, 3]
profile quick { let alpha = 4 }
fn f(z) = alpha * z
experiment a {
  sweep g in grid
  measure m { y = f(g) + beta + far }
}
experiment b {
  let alpha = 7
  measure m { y = alpha + beta }
}
`;
    const files = { used: "let far = 3\n" };
    const lines = (settings: Readonly<Record<string, string>>, profile: string | null = null): readonly string[] => {
      const { experiments, diagnostics } = checkText(spec, { settings, profile, files });
      expect(diagnostics).toEqual([]);
      return experiments.flatMap(({ experiment }) =>
        printExperiment(experiment)
          .split("\n")
          .filter((line) => /^(?:points|let (?:alpha|beta|grid))/u.test(line)),
      );
    };
    expect(lines({})).toEqual([
      "points (g) grid",
      "let alpha = 0.5",
      "let beta = mul(2.0, alpha)",
      "let grid = [1, 2, 3]",
      "let alpha = 0.5",
      "let beta = mul(2.0, alpha)",
      "let grid = [1, 2, 3]",
      "let alpha = 7",
    ]);
    expect(lines({ alpha: "1.5" }).filter((line) => line.includes("let alpha"))).toEqual(
      Array.from({ length: 3 }, () => "let alpha = 1.5"),
    );
    expect(lines({ beta: "alpha + 1" }).filter((line) => line.includes("let beta"))).toEqual(
      Array.from({ length: 2 }, () => "let beta = add(alpha, 1.0)"),
    );
    expect(lines({ grid: "[9]" })).toContain("let grid = [9]");
    expect(lines({}, "quick")).toContain("let alpha = 4");
    expect(lines({ alpha: "5" }, "quick")).toContain("let alpha = 5");
    const said = (settings: Readonly<Record<string, string>>): readonly unknown[] =>
      checkText(spec, { settings, files }).diagnostics.map(({ code, message, help }) => [code, message, help]);
    expect(said({ far: "2" })).toEqual([
      [
        "AM4015",
        "`--set far=…`: `far` is a `let` of `used.amem`, and stays what it is there",
        "make it a parameter of what uses it, and write `let far = …` in the spec",
      ],
    ]);
    expect(said({ alphaa: "2" })).toEqual([
      ["AM4015", "`--set alphaa=…`: there is no sweep or `let` of this name", "did you mean `alpha`?"],
    ]);
    expect(said({ alpha: "g" })).toEqual([["AM2001", "there is no `g` here", undefined]]);
    // What is no number is told where a number is wanted.
    expect(
      new Set(checkText(spec, { settings: { beta: "[1, 2]" }, files }).diagnostics.map(({ code }) => code)),
    ).toEqual(new Set(["AM2104"]));
  });
});
