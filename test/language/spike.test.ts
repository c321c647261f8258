import { expect, test } from "vitest";
import spike from "./spike.amem";
import { checkedText, printed } from "./support.js";

test("the spec of the manual's second section becomes a typed experiment", () => {
  const { experiment, scope, statements } = checkedText(spike);
  expect(experiment.sources).toEqual([{ reference: "arXiv:2402.18724", details: [{ name: "figure", value: "4" }] }]);
  expect(statements.map((statement) => statement.kind)).toEqual(["chart", "chart", "claim", "claim"]);
  const fit = scope.get("fit");
  const results = fit?.kind === "phase" ? [...fit.phase.results.values()] : [];
  expect(
    results.map(({ name, stepped, type, axes }) => [name, stepped, type.kind, axes.map((axis) => axis.name)]),
  ).toEqual([
    ["loss", true, "real", []],
    ["accuracy", true, "real", []],
    ["gamma", true, "real", ["dim"]],
    ["steps", false, "int", []],
    ["stopped", false, "bool", []],
    ["diverged", false, "bool", []],
  ]);
  expect(printed(spike).join("\n")).toMatchInlineSnapshot(`
    "experiment loss_spike f32
    sweep eta: int
    sweep alpha: real
    axis token = 2
    axis class = 2
    axis dim = 2
    points (eta) [1, 10]
    points (alpha) [0.0, 0.5, 0.95]
    pair.p[token: token]: real = if eq(real(token), 0) then 0.75 else 0.25
    M.e[token: token, dim: dim]: real = if eq(real(token), real(dim)) then if eq(real(token), 0) then 1.0 else sqrt(sub(1.0, power_int2(alpha))) else if eq(real(token), 1) then alpha else 0.0
    M.w0[dim: dim, dim': dim]: int = 0
    param M.W[dim: dim, dim': dim]: real = real(M.w0[dim, dim'])
    M.u[class: class, dim: dim]: int = if eq(real(class), real(dim)) then 1 else 0
    M.score[token: token, class: class]: real = sum(dim: dim, dim': dim) mul(mul(M.e[token, dim], M.W[dim, dim']), real(M.u[class, dim']))
    pair.label[token: token]: index(token) = token
    loss: real = sum(token: token) mul(pair.p[token], cross_entropy(class: class) M.score[token, class] at proven position(pair.label[token]))
    accuracy: real = sum(token: token where eq(real(argmax(class: class) M.score[token, class]), real(pair.label[token]))) pair.p[token]
    fit.grad M.W[dim: dim, dim': dim]: real = gradient by M.W
    fit.loss: real = loss
    fit.accuracy: real = accuracy
    fit.gamma[dim: dim]: real = sub(M.W[dim, proven 0], M.W[dim, proven 1])
    train fit over (eta, alpha) structural () after ()
      for 35 steps
      minimize loss
        over M.W
          M.W[dim: dim, dim': dim] <- sub(M.W[dim, dim'], mul(real(eta), fit.grad M.W[dim, dim']))
      record each { loss = fit.loss, accuracy = fit.accuracy, gamma = fit.gamma }
      changes M.W
    "
  `);
});
