/** `amemc setup`: fetches or builds native TensorFlow; does nothing where it works. */
import { readNativeRecord } from "../../base/native.js";
import { UserError } from "../../base/diagnostic.js";
import { SOURCE_NAMES } from "../doctor.js";
import { carryOut, loadNativeSetup, notSetUp } from "../native-setup.js";
import type { Terminal } from "../terminal.js";

/**
 * 0: TensorFlow is there, or AMEMC_NATIVE says that none is wanted. Throws when it could not be had, or has no XLA while
 * AMEMC_REQUIRE_NATIVE asks for it.
 */
export async function setup(terminal: Terminal, options: { readonly json?: boolean }): Promise<number> {
  const set = await loadNativeSetup(terminal);
  const { source, why, xla } = await carryOut(set, () => set.script.setupNative(set.job));
  const { info } = readNativeRecord();
  if (options.json === true) terminal.out(`${JSON.stringify({ tensorflow: info, why }, null, 2)}\n`);
  const { AMEMC_NATIVE, AMEMC_REQUIRE_NATIVE } = terminal.env;
  if ((source === "none" && AMEMC_NATIVE !== "off") || (xla !== true && AMEMC_REQUIRE_NATIVE === "1"))
    throw new UserError(notSetUp(why ?? "no reason is known", set.script.adviceFor(why ?? "", set.job.cache)));
  if (options.json === true || info === null) return 0;
  const state = set.said() === 0 ? "was set up already" : "is set up";
  terminal.out(`TensorFlow ${info.version} ${SOURCE_NAMES[info.source]} ${state}: ${info.bindingPath}\n`);
  return 0;
}
