// What a user can do when no native TensorFlow could be set up.
import { join } from "node:path";
import { NO_COMPILER } from "./binding.mjs";
import { pinnedWheel } from "./ensure.mjs";
import { NO_PIP } from "./wheel.mjs";

/**
 * Lines of advice for the reason that a set-up recorded.
 * @param {string} why @param {string} cache the cache folder @returns {string[]}
 */
export function adviceFor(why, cache) {
  const { file, sha256 } = pinnedWheel();
  const lines = [];
  if (why.includes(NO_PIP))
    lines.push(
      "install pip, as python3 -m pip or pip3 (Debian, Ubuntu: apt install python3-pip)",
      `or, without Python, put ${file} (SHA-256 ${sha256}) into ${join(cache, "download")}`,
    );
  if (why.includes(NO_COMPILER))
    lines.push("install a C++ compiler, as g++, c++ or clang++ (Debian, Ubuntu: apt install g++), or name one in CXX");
  return [...lines, "or name a folder with libtensorflow in AMEMC_LIBTENSORFLOW; then run this again"];
}
