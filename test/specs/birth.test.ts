/** The transformer of specs/birth at a tiny size: sequences, forward pass, loss and probes against loops that are written out here. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNativeRecord } from "../../src/base/native.js";
import { amemc, tableOf, temporaryFolder, type Row } from "./command.js";

const native = readNativeRecord().info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1";

const spec = `use std.bigrams
use std.optimizers
use transformer
experiment tiny {
  axis token = 10
  axis dim   = 8
  axis seq   = 6
  axis slot  = 13
  axis pos   = slot[0 .. 11]
  data language = dirichlet(token, triggers: 3)
  memory M = transformer(token, pos, dim)
  train fit {
    draw d = sequences(seq, slot, token, language)
    input[seq, pos] = d.x[seq, pos]
    z[seq, pos, token] = M.logits(input[seq, :])[pos, token]
    loss = mean(seq, pos where d.known[seq, pos]) cross_entropy(token) z[seq, pos, token] at d.x[seq, pos + 1]
    minimize loss over M
    using sgd(lr: 0.5, momentum: 0.9)
    for 20 steps
    record every 10 {
      loss, z, o2 = M.recall_o2, k2 = M.recall_k2(language.trigger), k1 = M.recall_k1
      x[seq, slot] = d.x[seq, slot], known[seq, slot] = d.known[seq, slot], output[seq, token] = d.output[seq, token]
      E[token, dim] = M.embed[token, dim], P[pos, dim] = M.place[pos, dim], U[token, dim] = M.unembed[token, dim]
      V1[dim, dim'] = M.WV1[dim, dim'], O1[dim, dim'] = M.WO1[dim, dim'], V2[dim, dim'] = M.WV2[dim, dim']
      K1[dim, dim'] = M.WK1[dim, dim'], K2[dim, dim'] = M.WK2[dim, dim'], O2[dim, dim'] = M.WO2[dim, dim']
      trigger[token] = language.trigger[token]
    }
  }
}
`;

const [tokens, dims, sequences, slots] = [10, 8, 6, 13];

test.each(native ? ["graph", "portable"] : ["portable"])(
  "%s",
  async (engine) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "tiny.amem"), spec);
    copyFileSync("specs/birth/transformer.amem", join(folder, "transformer.amem"));
    const { status, stderr } = amemc(["run", join(folder, "tiny.amem"), "--engine", engine, "--out", folder]);
    expect(stderr).not.toContain("error");
    expect(status).toBe(0);
    const tables = new Map<string, readonly Row[]>();
    for (const name of ["fit", "fit_dim_dimp", "fit_pos_dim", "fit_seq_pos_token", "fit_seq_slot", "fit_seq_token"])
      tables.set(name, await tableOf(folder, "tiny", "tiny", name));
    for (const name of ["fit_token", "fit_token_dim"]) tables.set(name, await tableOf(folder, "tiny", "tiny", name));
    for (const step of [0, 10, 20]) {
      const read = (table: string, column: string): number[] =>
        (tables.get(table) ?? []).filter((row) => row.step === step).map((row) => Number(row[column]));
      checkStep(read);
    }
  },
  300_000,
);

function checkStep(read: (table: string, column: string) => number[]): void {
  const x = rows(read("fit_seq_slot", "x"), slots);
  const known = rows(read("fit_seq_slot", "known"), slots);
  const output = rows(read("fit_seq_token", "output"), tokens);
  const trigger = read("fit_token", "trigger");
  const matrix = (name: string): number[][] => rows(read("fit_dim_dimp", name), dims);
  const [E, U] = [rows(read("fit_token_dim", "E"), dims), rows(read("fit_token_dim", "U"), dims)];
  const P = rows(read("fit_pos_dim", "P"), dims);
  const [K1, V1, O1] = [matrix("K1"), matrix("V1"), matrix("O1")];
  const [K2, V2, O2] = [matrix("K2"), matrix("V2"), matrix("O2")];
  const z = rows(rows(read("fit_seq_pos_token", "z"), tokens), slots - 1);
  const losses: number[] = [];
  let furthest = 0;
  for (let s = 0; s < sequences; s++) {
    const line = row(x, s);
    line.forEach((token, t) => {
      const before = line.slice(0, t);
      expect(row(known, s)[t]).toBe(Number(trigger[token] === 1 && before.includes(token)));
      if (trigger[token] === 1 && t + 1 < slots) expect(line[t + 1]).toBe(row(output, s)[token]);
    });
    const h = line.slice(0, -1).map((token, t) => sum(row(E, token), row(P, t)));
    const logits = layer(layer(h, K1, V1, O1), K2, V2, O2).map((each) => U.map((u) => dot(u, each)));
    logits.forEach((each, t) => {
      const found = row(z[s] ?? [], t);
      each.forEach((value, token) => (furthest = Math.max(furthest, Math.abs(value - (found[token] ?? NaN)))));
      if (row(known, s)[t] !== 1) return;
      losses.push(Math.log(each.reduce((total, v) => total + Math.exp(v), 0)) - (each[line[t + 1] ?? -1] ?? NaN));
    });
  }
  expect(furthest).toBeLessThan(1e-4);
  expect(losses.length).toBeGreaterThan(5);
  expect(read("fit", "loss")[0]).toBeCloseTo(mean(losses), 4);

  const moved = E.map((e) => times(O1, times(V1, e)));
  const written = E.map((e) => times(O2, times(V2, e)));
  const o2 = written.map((w, token) => Number(largest(U.map((u) => dot(u, w))) === token));
  const triggers = trigger.flatMap((is, token) => (is === 1 ? [token] : []));
  const k2 = triggers.map((token, k) =>
    Number(largest(triggers.map((other) => dot(row(E, other), times(K2, row(moved, token))))) === k),
  );
  const k1 = P.slice(1).map((p, t) => Number(largest(P.map((other) => dot(p, times(K1, other)))) === t));
  expect(read("fit", "o2")[0]).toBeCloseTo(mean(o2), 5);
  expect(read("fit", "k2")[0]).toBeCloseTo(mean(k2), 5);
  expect(read("fit", "k1")[0]).toBeCloseTo(mean(k1), 5);
}

type Matrix = readonly (readonly number[])[];

/** Attention over what stands before, its values added to the stream. */
function layer(h: Matrix, K: Matrix, V: Matrix, O: Matrix): number[][] {
  return h.map((query, t) => {
    const weights = h.slice(0, t + 1).map((other) => Math.exp(dot(query, times(K, other)) / Math.sqrt(dims)));
    const total = weights.reduce((a, b) => a + b, 0);
    const mixed = weights.map((weight, j) => times(V, row(h, j)).map((v) => (v * weight) / total)).reduce(sum);
    return sum(query, times(O, mixed));
  });
}
const row = <T>(x: readonly (readonly T[])[], k: number): readonly T[] => x[k] ?? [];
const sum = (a: readonly number[], b: readonly number[]): number[] => a.map((v, k) => v + (b[k] ?? NaN));
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, v, k) => total + v * (b[k] ?? NaN), 0);
const times = (m: Matrix, v: readonly number[]): number[] => m.map((each) => dot(each, v));
const mean = (a: readonly number[]): number => a.reduce((total, v) => total + v, 0) / a.length;
const largest = (a: readonly number[]): number => a.indexOf(Math.max(...a));
function rows<T>(values: readonly T[], width: number): T[][] {
  return Array.from({ length: values.length / width }, (_, k) => values.slice(k * width, (k + 1) * width));
}
