// What the set-up (scripts/native) found out about native TensorFlow, read from the file it wrote. Loads nothing.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, distFile } from "./package.js";

export interface NativeInfo {
  /** A folder named by AMEMC_LIBTENSORFLOW, the pinned wheel, or what tfjs-node's own script got. */
  readonly source: "folder" | "wheel" | "tfjs";
  /** TensorFlow's version. */
  readonly version: string;
  /** The file that node loads. */
  readonly bindingPath: string;
  /** Whether XLA compiled and ran a small program when it was set up. */
  readonly xla: boolean | "unknown";
}

export interface NativeRecord {
  readonly info: NativeInfo | null;
  /** Why there is none, or no XLA. */
  readonly why: string | null;
}

const SOURCES = ["folder", "wheel", "tfjs"] as const;

function parse(text: string): NativeRecord {
  const data: unknown = JSON.parse(text);
  if (typeof data !== "object" || data === null) return { info: null, why: "its record is damaged" };
  const { source, version, bindingPath, xla, why } = data as Readonly<Record<string, unknown>>;
  const reason = typeof why === "string" ? why : null;
  const known = SOURCES.find((name) => name === source);
  if (known === undefined || typeof version !== "string" || typeof bindingPath !== "string")
    return { info: null, why: reason };
  if (!existsSync(bindingPath)) return { info: null, why: `${bindingPath} is gone` };
  return {
    info: { source: known, version, bindingPath, xla: typeof xla === "boolean" ? xla : "unknown" },
    why: reason,
  };
}

/** The record with the reason, for `amemc doctor` and for the line that says which engine is used. */
export function readNativeRecord(
  files: readonly string[] = [distFile("native.json"), join(cacheFolder(), "native.json")],
): NativeRecord {
  const file = files.find((name) => existsSync(name));
  if (file === undefined) return { info: null, why: "it was not set up yet" };
  try {
    return parse(readFileSync(file, "utf8"));
  } catch {
    return { info: null, why: `${file} is damaged` };
  }
}

/** The TensorFlow at hand; null where the portable engine has to do. */
export function readNative(): NativeInfo | null {
  return readNativeRecord().info;
}
