import { describe, expect, test } from "vitest";
import { checkedText, checkText, faultsIn, oneLine, printed } from "./support.js";

const head = `use std.optimizers
experiment e {
  sweep seed in 0..3
  sweep eta in [0.1, 1]
  sweep n in [2, 3]
  sweep unused in [1, 2]
  sweep method in {plain, fancy}
  axis token = n
  axis dim = 2
  axis g in linspace(-eta, eta, 5)
  param W[dim, dim'] = 0
  param V[dim] = 0
  e[token, dim] ~ normal(0, 1)
  fixed[dim] ~ normal(0, 1) by 7
  loss = mean(token, dim) (e[token, dim] - sum(dim') W[dim, dim'] * e[token, dim'])^2
`;
const spec = (body: string): string => `${head}${body}\n}\n`;
const named = (
  text: string,
): ReadonlyMap<string, { readonly axes: string; readonly structural: string; readonly after: string }> => {
  const { experiment } = checkedText(text);
  const names = (axes: readonly number[]): string =>
    axes.map((axis) => experiment.axes.get(axis)?.name ?? "?").join(" ");
  return new Map(
    experiment.phases.map((phase) => [
      phase.name,
      { axes: names(phase.axes), structural: names(phase.structural), after: phase.after.join(" ") },
    ]),
  );
};
const train = (name: string, rest: string): string => `train ${name} {\n${rest}\n}\n`;

describe("a phase varies only with what it uses", () => {
  test("sweeps, sizes, seeds", () => {
    const phases = named(
      spec(
        train("fit", "minimize loss over W\nusing gd(lr: eta)\nfor 5 steps") +
          "measure a { x = sum(dim) fixed[dim] }\nmeasure b { y = size(token) }\nmeasure c { z[g] = g }",
      ),
    );
    expect(phases.get("fit")).toEqual({ axes: "seed eta n", structural: "n", after: "" });
    expect(phases.get("a")).toEqual({ axes: "", structural: "", after: "" });
    expect(phases.get("b")).toEqual({ axes: "n", structural: "n", after: "" });
    // Its axis has other coordinates for each eta, and a result has those of its program.
    expect(phases.get("c")).toEqual({ axes: "eta", structural: "eta", after: "" });
  });
  test("earlier phases that changed what it reads, the last one that did", () => {
    const step = "minimize loss over W\nusing gd(lr: eta)\nfor 5 steps";
    const body = `${train("one", step)}measure between { x = W[0, 0] }\n${train("two", "W[dim, dim'] <- 2 * W[dim, dim']\nfor 1 steps")}measure after { y = W[0, 0] }\nmeasure apart { z = loss with W[dim, dim'] = 0 }`;
    const phases = named(spec(body));
    expect(phases.get("between")?.after).toBe("one");
    expect(phases.get("two")).toEqual({ axes: "seed eta n", structural: "", after: "one" });
    expect(phases.get("after")?.after).toBe("two");
    expect(phases.get("apart")).toEqual({ axes: "seed n", structural: "n", after: "" });
  });
  test("a case on a sweep is structural, and so are step counts and schedules", () => {
    const phases = named(
      spec(
        "w[dim] = case method { plain: 1, fancy: eta }\nmeasure a { x[dim] = w[dim] }\n" +
          train("b", "V[dim] <- 1\nfor n steps\nrecord at [1, n] { V }"),
      ),
    );
    expect(phases.get("a")).toEqual({ axes: "eta method", structural: "method", after: "" });
    expect(phases.get("b")).toEqual({ axes: "n", structural: "n", after: "" });
  });
});

describe("records", () => {
  const step = "minimize loss over W\nusing gd(lr: eta)\nfor 5 steps\n";
  test("named as they are read, with the axes that they leave open", () => {
    const { scope } = checkedText(
      spec(
        train(
          "fit",
          `${step}record every 2 { loss, W, row[dim] = W[0, dim], W2 = norm(W) }\nrecord last { V }\nrecord at logspace(1, 5, 3) { e[token, 0] }`,
        ),
      ),
    );
    const fit = scope.get("fit");
    const results =
      fit?.kind === "phase"
        ? [...fit.phase.results.values()].map(
            ({ name, axes, stepped }) => `${name}[${axes.map((axis) => axis.name).join()}]${stepped ? " stepped" : ""}`,
          )
        : [];
    expect(results).toEqual([
      "loss[] stepped",
      "W[dim,dim'] stepped",
      "row[dim] stepped",
      "W2[] stepped",
      "V[dim]",
      "e[token] stepped",
      "steps[]",
      "stopped[]",
      "diverged[]",
    ]);
  });
  test("the objective is kept where something reads it", () => {
    const names = (claim: string): readonly string[] => {
      const fit = checkedText(spec(`${train("fit", `${step}record { W }`)}${claim}`)).scope.get("fit");
      return fit?.kind === "phase" ? [...fit.phase.results.keys()] : [];
    };
    expect(names("")).not.toContain("objective");
    expect(names("claim c { expect fit.objective[step: last] < 1 }")).toContain("objective");
  });
  test("an entry may be called like what it records, and see the other entries", () => {
    const text = spec(train("fit", `${step}record { loss = 2 * loss, half = loss / 4, quarter = half / 2 }`));
    expect(printed(text).filter((line) => /^fit\.(?:loss|half|quarter)/u.test(line))).toEqual([
      "fit.loss: real = mul(2.0, loss)",
      "fit.half: real = div(loss, 4.0)",
      "fit.quarter: real = div(fit.half, 2.0)",
    ]);
  });
});

describe("bodies", () => {
  test("equations are snapshots in their place; assignments may stand before and after", () => {
    const lines = printed(
      spec(
        train(
          "fit",
          "state s[dim] = 0\nbefore = loss\nminimize before + 0 * s[0] over W\nusing gd(lr: eta * 0.9^step)\ns[dim] <- s[dim] + step where dim > 0\nfor 5 steps\nstop when loss < 1e-3",
        ),
      ),
    );
    expect(lines.slice(lines.findIndex((line) => line.startsWith("train fit")) + 1, -1)).toEqual([
      "  for 5 steps",
      "  snapshot fit.before",
      "  minimize add(fit.before, real(mul(0, fit.s[proven 0])))",
      "    over W",
      "      W[dim: dim, dim': dim] <- sub(W[dim, dim'], mul(mul(eta, pow(0.9, real(step))), fit.grad W[dim, dim']))",
      "  fit.s[dim: dim] <- add(fit.s[dim], step) where gt(real(dim), 0)",
      "  stop when lt(loss, 0.001)",
      "  changes W, fit.s",
    ]);
  });
  test("a state is as wide as its updates need", () => {
    const type = (update: string, start = "0"): string =>
      printed(spec(`state s[dim] = ${start}\n${train("t", `s[dim] <- ${update}\nfor 2 steps`)}`)).find((line) =>
        line.startsWith("state s"),
      ) ?? "";
    expect(type("s[dim] + 1")).toContain(": int = 0");
    expect(type("s[dim] / 2")).toContain(": real = 0.0");
    expect(type("dim", "dim")).toContain(": index(dim) = dim");
    expect(type("s[dim] + 1", "dim")).toContain(": int = real(dim)");
    expect(type("dim + 0.5", "dim")).toContain(": real = real(real(dim))");
    expect(faultsIn(spec(`state s[dim] = true\n${train("t", "s[dim] <- 1\nfor 2 steps")}`))).toEqual(["AM3013 1"]);
  });
  test("optimizers by parameter and by case, parameters by case", () => {
    const lines = printed(
      spec(
        train(
          "fit",
          "minimize loss + V[0]^2 over case method { plain: W, fancy: (W, V) }\nusing case method { plain: gd(lr: 1), fancy: sgd(lr: 2) } over W, gd(lr: 3) over V\nfor 5 steps",
        ),
      ),
    ).map((line) => line.trim());
    expect(lines.filter((line) => line.startsWith("over") || line.includes("<-"))).toEqual([
      "over W (states fit.sgd.1.W.m)",
      "W[dim: dim, dim': dim] <- case method {sub(W[dim, dim'], mul(1.0, fit.grad W[dim, dim'])) | W[dim, dim']}",
      "fit.sgd.1.W.m[dim: dim, dim': dim] <- case method {fit.sgd.1.W.m[dim, dim'] | add(add(mul(0.0, fit.sgd.1.W.m[dim, dim']), fit.grad W[dim, dim']), mul(0.0, W[dim, dim']))}",
      "W[dim: dim, dim': dim] <- case method {W[dim, dim'] | sub(W[dim, dim'], mul(2.0, fit.sgd.1.W.m[dim, dim']))}",
      "over V",
      "V[dim: dim] <- case method {V[dim] | sub(V[dim], mul(3.0, fit.grad V[dim]))}",
    ]);
  });
  test("a component stands for its parameters", () => {
    const page = "memory net(i: axis, o: axis) {\n  param A[i, o] = 0\n  b[o] = 1\n  param c = 0\n}\n";
    const lines = printed(
      `${page}${spec(`memory N = net(token, dim)\n${train("fit", "minimize N.c^2 + sum(token, dim) N.A[token, dim]^2 over N\nusing gd(lr: 1)\nfor 5 steps")}`)}`,
    );
    expect(lines.map((line) => line.trim()).filter((line) => line.startsWith("changes"))).toEqual(["changes N.A, N.c"]);
  });
  test("an optimizer says for which parameters it is", () => {
    const page =
      "optimizer rows(lr) for w[i, ..] {\n  size_of[i] = sqrt(sum(i') 0 * i') + 1\n  w[i, ..] <- w[i, ..] - lr * size_of[i] * grad[i, ..]\n}\noptimizer matrix(lr) for w[i, o] { w[i, o] <- w[i, o] - lr * grad[i, o] }\n";
    const text = (optimizer: string, over: string): string =>
      `${page}${spec(`param c = 0\n${train("t", `minimize loss + sum(dim) V[dim]^2 + c^2 over ${over}\nusing ${optimizer}(lr: 1)\nfor 2 steps`)}`)}`;
    expect(checkText(text("rows", "(W, V)")).diagnostics.map(oneLine)).toEqual([]);
    expect(checkText(text("rows", "c")).diagnostics.map((d) => d.code)).toEqual(["AM3022"]);
    expect(checkText(text("matrix", "V")).diagnostics.map((d) => d.code)).toEqual(["AM3022"]);
  });
});

describe("phases see what earlier ones left behind", () => {
  const first =
    "train a {\nstate s = 0\nz = 2 * s\ns <- s + 1\nfor 3 steps\n}\nmeasure m { x = size(dim); y = V[0] }\n";
  test("states, and measured values that nothing changes", () => {
    expect(checkText(spec(`${first}measure last { p = a.s; q = m.x }`)).diagnostics.map(oneLine)).toEqual([]);
    expect(named(spec(`${first}measure last { p = a.s }`)).get("last")?.after).toBe("a");
  });
  test("of an equation that has changed, the last value", () => {
    const body = `${first}measure last { q = m.y }`;
    expect(faultsIn(spec(body))).toEqual([]);
    expect(named(spec(body)).get("last")?.after).toBe("m");
    expect(faultsIn(spec(`${first}measure last { q = a.z + a.steps }`))).toEqual([]);
  });
});
