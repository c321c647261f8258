// What `npm pack` runs first: bundles of the present sources, and the binding to TensorFlow where this
// machine has one (then users on the same system need no compiler).
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildIfNeeded } from "./build.mjs";
import { cacheFolder, dist, root } from "./lib/paths.mjs";
import { reason, say } from "./lib/say.mjs";
import { bindingKey, shippedBinding, wholeBinding } from "./native/binding.mjs";
import { pinnedWheel } from "./native/ensure.mjs";
import { wheelKey } from "./native/wheel.mjs";

async function shipBinding() {
  const key = wheelKey(pinnedWheel());
  const own = join(cacheFolder(), "binding", bindingKey(key));
  rmSync(join(dist, "native"), { recursive: true, force: true });
  const file = await wholeBinding(own);
  if (file === null) {
    say(`no binding for ${process.platform} on ${process.arch} is in the cache, so users will compile it`);
    return;
  }
  if (/\0\/[^\0]*\/node_modules\//.test(readFileSync(file, "latin1"))) {
    say(`${own} names folders of this machine: remove it, run amemc setup, and pack again; now users will compile it`);
    return;
  }
  const target = shippedBinding(root, key);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(own, target, { recursive: true });
}

try {
  await buildIfNeeded(say);
  await shipBinding();
} catch (error) {
  say(reason(error));
  process.exitCode = 1;
}
