/** docs/operators.md is current, and what it says of derivatives is what the compiler does, compared with central differences. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OPERATORS, operatorsPage } from "../../scripts/docs.mjs";
import { UserError } from "../../src/base/diagnostic.js";
import { at } from "../../src/ir/fault.js";
import { catalogue } from "../../src/language/catalogue.js";
import { builtins } from "../../src/language/expressions/builtins.js";
import { forms } from "../../src/language/expressions/matrix-forms.js";
import { normalisers, reducers } from "../../src/language/expressions/reduction-names.js";
import { measured } from "../support/measured.js";
import { planText } from "../support/oracle-runs.js";
import { root } from "./blocks.js";

test("the page is current (else: node scripts/docs.mjs)", () => {
  expect(readFileSync(root + OPERATORS, "utf8")).toBe(operatorsPage(catalogue));
});

test("every row says what it is, in one line", () => {
  const all = catalogue.flatMap(({ rows }) => rows);
  expect(all.length).toBeGreaterThan(120);
  expect(all.filter(({ form, says }) => form === "" || says === "" || (form + says).includes("\n"))).toEqual([]);
});

const step = 1e-5;
/** The derivatives of expressions in `x[i]` at its first entry, as compiled and as differences; ints are made real. */
function slopes(exprs: readonly string[]): readonly { readonly grad: number; readonly difference: number }[] {
  const equations = exprs.map((expr, k) => `fn f${k}(x[i]) = ${expr}`).join("\n");
  const measures = exprs.map(
    (_, k) => `g${k} = grad(f${k}(x), x)[0]\nup${k} = real(f${k}(up))\ndown${k} = real(f${k}(down))`,
  );
  const { values } = measured(
    `experiment e {\nprecision f64\naxis i = 3\nparam x[i] = [0.3, 0.9, 0.55]\nc[i] = [1.5, -2, 0.7]
up[i] = x[i] + (if i == 0 then ${step} else 0)\ndown[i] = x[i] - (if i == 0 then ${step} else 0)
${equations}\nmeasure m {\n${measures.join("\n")}\n}\n}\n`,
    {},
  );
  const of = (name: string): number => at(values[name] ?? [], 0);
  return exprs.map((_, k) => ({
    grad: of(`g${k}`),
    difference: (of(`up${k}`) - of(`down${k}`)) / (2 * step),
  }));
}

/** The code of the limit that stops something; null without one. */
function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.diagnostic.code;
    throw error;
  }
}

function holds(rows: readonly { readonly name: string; readonly expr: string; readonly passes: boolean }[]): void {
  const found = slopes(rows.map(({ expr }) => expr));
  rows.forEach(({ name, passes }, k) => {
    const { grad, difference } = at(found, k);
    expect([name, grad !== 0], "whether a gradient passes").toEqual([name, passes]);
    if (passes) expect([name, Math.abs(grad - difference) < 1e-6 * Math.max(1, Math.abs(grad))]).toEqual([name, true]);
  });
}

describe("derivatives are as the page says", () => {
  test("functions of numbers", () => {
    // Of these there is no real argument, or the value is another one's and its derivative is cut.
    const others = new Set(["div", "position", "stop"]);
    const second: Readonly<Record<string, string>> = {
      atan2: ", 0.8",
      logaddexp: ", 0.2",
      max: ", 0.1",
      min: ", 0.7",
      clip: ", 0.1, 0.8",
      mod: ", 0.25",
      pow: ", 1.5",
    };
    const rows = [...builtins].filter(([name]) => !others.has(name));
    holds(
      rows.map(([name, { derivative }]) => ({
        name,
        expr: `1.0 * ${name}(x[0]${second[name] ?? ""})`,
        passes: derivative === "yes",
      })),
    );
    expect(slopes(["stop(x[0])"]).map(({ grad }) => grad)).toEqual([0]);
  });

  test("reductions", () => {
    const rows = Object.entries(reducers).filter(([, entry]) => "derivative" in entry);
    const exprs: Readonly<Record<string, string>> = {
      max: "max(i) (-x[i])",
      argmax: "1.0 * (argmax(i) x[i])",
      argmin: "1.0 * (argmin(i) x[i])",
      median: "median(i) (c[i]^2 * x[i])",
      quantile: "quantile(i, 0.6) (c[i] * x[i])",
    };
    holds(
      rows.map(([name, entry]) => ({
        name,
        expr: exprs[name] ?? `${name}(i) x[i]`,
        passes: "derivative" in entry && entry.derivative === "yes",
      })),
    );
  });

  test("normalisers", () => {
    const rows = Object.entries(normalisers).filter(([name]) => name !== "top");
    holds(
      rows.map(([name, entry]) => ({
        name,
        expr: `sum(i) c[i] * (${name}(i) x[i])`,
        passes: "derivative" in entry && entry.derivative === "yes",
      })),
    );
  });

  test("linear algebra has derivatives", () => {
    const wholes: Readonly<Record<string, string>> = {
      inverse: "sum(i, i') (inverse(i, i') X[i, i'])",
      cholesky: "sum(i, i') (cholesky(i, i') X[i, i'])",
      polar: "sum(i, i') (polar(i, i') X[i, i'])",
      solve: "sum(i') (solve(i, i') X[i, i'] at v[i])",
      logdet: "logdet(i, i') X[i, i']",
      trace: "trace(i, i') X[i, i']",
      eigh_values: "sum(i) (eigh_values(i, i') X[i, i'])",
      svd_values: "sum(i) (svd_values(i, i') X[i, i'])",
    };
    expect(Object.keys(wholes)).toEqual(Object.keys(forms));
    for (const [name, { derivative }] of Object.entries(forms)) {
      expect(derivative).toBe("yes");
      const text = `experiment e {\naxis i = 3\nparam X[i, i'] = if i == i' then 2 else 0.5\nv[i] = i + 1
y = ${wholes[name] ?? ""}\nmeasure m { g[i, i'] = grad(y, X)[i, i'] + 0 * v[0] }\n}\n`;
      expect([name, codeOf(() => planText(text))]).toEqual([name, null]);
    }
  });
});
