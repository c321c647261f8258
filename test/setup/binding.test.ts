import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  bindingFor,
  bindingKey,
  bindingObstacle,
  shippedBinding,
  wholeBinding,
} from "../../scripts/native/binding.mjs";
import { fetchSources, sourcesAreWhole, sourcesFolder } from "../../scripts/native/sources.mjs";
import { sha256, write } from "./helpers.js";
import { machine } from "./helpers-native.js";

const KEY = "0.0.0-abc";
const tensorflow = {
  source: "wheel",
  key: KEY,
  include: "/include",
  libraries: ["/lib/tf.so"],
  rpath: "/lib",
} as const;

function tensorflowAt() {
  return { ...tensorflow, libraries: [...tensorflow.libraries] };
}

/** Lays a binding into a folder as the set-up does. */
function lay(folder: string, text: string): string {
  write(join(folder, "manifest.json"), JSON.stringify({ sha256: sha256(Buffer.from(text)) }));
  return write(join(folder, "tfjs_binding.node"), text);
}

describe("a binding", () => {
  const yes = () => Promise.resolve(true);

  it("is taken from the cache while it is whole", async () => {
    const { job, installs } = machine();
    const file = lay(join(job.cache, "binding", bindingKey(KEY)), "a binding");
    expect(await bindingFor({ ...job, tensorflow: tensorflowAt(), loads: yes })).toBe(file);
    expect(installs()).toBe(0);
  });

  it("comes with the package, and is put into the cache when it loads", async () => {
    const { job, said, installs } = machine();
    lay(shippedBinding(job.root, KEY), "shipped");
    const file = await bindingFor({ ...job, tensorflow: tensorflowAt(), loads: yes });
    expect(file.startsWith(job.cache)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("shipped");
    expect(await wholeBinding(join(file, ".."))).toBe(file);
    expect([said, installs()]).toEqual([["took the binding that comes with amemc"], 0]);
  });

  it("is compiled when the one that comes with the package does not load or is damaged", async () => {
    const { job, said, installs } = machine();
    const shipped = lay(shippedBinding(job.root, KEY), "shipped");
    const compile = (loads: boolean) =>
      bindingFor({ ...job, tensorflow: tensorflowAt(), loads: () => Promise.resolve(loads) });
    await expect(compile(false)).rejects.toThrow("no network");
    expect(said).toEqual(["the binding that comes with amemc does not load here"]);
    writeFileSync(shipped, "damaged");
    await expect(compile(true)).rejects.toThrow("no network");
    expect(installs()).toBe(2);
    expect(existsSync(join(job.cache, "binding", bindingKey(KEY)))).toBe(false);
  });

  it("cannot be had without a compiler, unless it is there", async () => {
    const { job } = machine();
    const without = { ...job, env: { PATH: "/nowhere" }, key: KEY };
    expect(await bindingObstacle(without)).toBe("no C++ compiler was found");
    expect(await bindingObstacle({ ...job, key: KEY })).toBeNull();
    lay(shippedBinding(job.root, KEY), "shipped");
    expect(await bindingObstacle(without)).toBeNull();
  });
});

describe("the sources of the binding", () => {
  it("are refused when npm brings others than the pinned ones", async () => {
    const { job } = machine();
    const npm = join(job.cache, "../other-npm");
    write(
      npm,
      "mkdir -p node_modules/@tensorflow/tfjs-node/binding && echo // > node_modules/@tensorflow/tfjs-node/binding/a.cc",
    );
    await expect(fetchSources({ ...job, npm: ["sh", npm] })).rejects.toThrow(
      /tfjs-node 4\.\d+\.\d+ cannot be had: .*other files/,
    );
    expect(existsSync(sourcesFolder(job.cache))).toBe(false);
    expect(sourcesAreWhole(sourcesFolder(job.cache))).toBe(false);
  });
});
