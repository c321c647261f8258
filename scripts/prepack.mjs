// What `npm pack` runs first: bundles of the present sources and nothing older, and the binding to TensorFlow where this
// machine has one (then users on the same system need no compiler).
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildIfNeeded, removeOldChunks } from "./build.mjs";
import { cacheFolder, dist, root } from "./lib/paths.mjs";
import { reason, say } from "./lib/say.mjs";
import { bindingKey, shippedBinding, wholeBinding } from "./native/binding.mjs";
import { pinnedWheel } from "./native/ensure.mjs";
import { wheelKey } from "./native/wheel.mjs";

async function shipBinding() {
  const key = wheelKey(pinnedWheel());
  const own = join(cacheFolder(), "binding", bindingKey(key));
  rmSync(join(dist, "native"), { recursive: true, force: true });
  if ((await wholeBinding(own)) === null) {
    say(`no binding for ${process.platform} on ${process.arch} is in the cache, so users will compile it`);
    return;
  }
  const target = shippedBinding(root, key);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(own, target, { recursive: true });
}

try {
  await buildIfNeeded(say);
  removeOldChunks({ evenYoung: true });
  await shipBinding();
} catch (error) {
  say(reason(error));
  process.exitCode = 1;
}
