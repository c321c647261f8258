/** A worker whose parent is killed without a word does not stay behind. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { distFile } from "../../../src/base/package.js";

const parent = `
  const { fork } = require("node:child_process");
  const child = fork(${JSON.stringify(distFile("worker.mjs"))}, ["portable"], { serialization: "advanced", execArgv: [] });
  child.on("message", () => console.log(child.pid));
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it("ends after kill -9 of its parent", async () => {
  const process = spawn("node", ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) => {
    process.stdout.on("data", (data: Buffer) => {
      resolve(Number(data.toString()));
    });
  });
  expect(isAlive(pid)).toBe(true);
  process.kill("SIGKILL");
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await sleep(100);
  expect(isAlive(pid)).toBe(false);
}, 30_000);
