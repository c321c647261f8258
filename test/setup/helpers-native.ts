// Machines as the set-up finds them: a pip that "downloads" what the test lays out, an npm that "installs" sources, a
// compiler that "compiles". Each counts its calls. Nothing is downloaded.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { program, sha256, temporaryFolder, write, zip } from "./helpers.js";

export const ARCHIVE = zip({
  "tensorflow/libtensorflow_cc.so.2": "the library".repeat(1000),
  "tensorflow/include/tensorflow/c/c_api.h": "// a header",
  "tensorflow/include/tensorflow/c/empty.h": "",
  "tensorflow/include/tensorflow/core/other.h": "// not needed",
  "tensorflow/python/other.py": "pass",
});

const WHEEL = "tensorflow_cpu-0.0.0-cp311-cp311-any.whl";

export function machine(served: Buffer = ARCHIVE) {
  const folder = temporaryFolder();
  const wheel = {
    package: "tensorflow-cpu",
    version: "0.0.0",
    python: "3.11",
    platform: "any",
    file: WHEEL,
    size: ARCHIVE.length,
    sha256: sha256(ARCHIVE),
    libraries: ["tensorflow/libtensorflow_cc.so.2"],
    headers: ["tensorflow/include/tensorflow/c/"],
  };
  write(join(folder, "served"), served);
  const calls = (name: string): number =>
    existsSync(join(folder, name)) ? statSync(join(folder, name)).size / "x\n".length : 0;
  const pip = program(
    join(folder, "pip"),
    `[ "$1" = --version ] && exit 0
echo x >> "${folder}/downloads"
while [ "$1" != --dest ]; do shift; done
cp "${folder}/served" "$2/${WHEEL}"`,
  );
  const npm = program(join(folder, "npm"), `echo x >> "${folder}/installs"\necho "no network" >&2\nexit 1`);
  // "Compiles" what any test may look at: the name behind -o gets the command's arguments.
  const compiler = program(
    join(folder, "compiler"),
    `[ "$1" = --version ] && exit 0
echo x >> "${folder}/compilations"
args="$*"
while [ "$1" != -o ]; do shift; done
echo "$args" > "$2"`,
  );
  const said: string[] = [];
  return {
    folder,
    job: {
      root: join(folder, "package"),
      cache: join(folder, "cache"),
      env: { PATH: process.env.PATH, CXX: compiler } as NodeJS.ProcessEnv,
      wheel,
      say: (line: string) => void said.push(line),
      pips: [["no-such-pip"], [pip]],
      npm: [npm],
    },
    said,
    cached: join(folder, "cache/download", WHEEL),
    downloads: () => calls("downloads"),
    installs: () => calls("installs"),
    compilations: () => calls("compilations"),
  };
}
