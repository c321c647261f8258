/** The arrays of an `.npz` file: a zip archive of `.npy` files. */
import { UserError } from "../base/diagnostic.js";
import { fault, nearestNames, quoted } from "./faults.js";
import type { OpenFile } from "./files.js";
import { longestHeader, parseNpyHeader } from "./npy-header.js";
import { npyValues, verifyLength } from "./npy-values.js";
import type { DataArray, NamedArray, UnreadArray } from "./types.js";
import { memberContent, memberStart, zipMembers, type ZipMember } from "./zip.js";

/** What NumPy writes before the numbers has 128 bytes, mostly. */
const usualHeader = 1024;

/** Names and shapes; nothing but the beginnings of the arrays is unpacked. */
export function npzArrays(file: OpenFile, path: string) {
  const arrays: NamedArray[] = [];
  const unread: UnreadArray[] = [];
  const members = zipMembers(file, path);
  for (const [k, member] of members.entries()) {
    const name = arrayName(member);
    if (members.findIndex((other) => arrayName(other) === name) !== k)
      throw fault("AM5004", `\`${path}\` is damaged: it holds two arrays named \`${name}\``);
    if (!member.name.endsWith(".npy")) {
      unread.push({ name, why: "it is no `.npy` file" });
      continue;
    }
    try {
      const { shape, numbers } = headerOf(file, member, path);
      const type = numbers.kind === "float" ? "real" : numbers.kind === "bool" ? "bool" : "int";
      arrays.push({ name, shape, type, categories: [] });
    } catch (error) {
      // Texts or objects beside the numbers that are wanted do no harm.
      if (!(error instanceof UserError) || error.diagnostic.code !== "AM5005") throw error;
      unread.push({ name, why: error.diagnostic.message });
    }
  }
  return { arrays, unread };
}

export function npzValues(file: OpenFile, name: string, limit: number, path: string): DataArray {
  const members = zipMembers(file, path);
  const member = members.find((candidate) => arrayName(candidate) === name);
  if (member === undefined) throw noArray(name, members.map(arrayName), path);
  const header = headerOf(file, member, path);
  const content = memberContent(file, member, limit, path);
  const data = npyValues(header, content.subarray(header.offset), path);
  return { shape: header.shape, data, hasNaN: data instanceof Float64Array && data.some(Number.isNaN) };
}

export function noArray(name: string, names: readonly string[], path: string): UserError {
  const near = nearestNames(name, names);
  return fault("AM5009", `\`${path}\` has no array \`${name}\``, {
    help: `it has ${quoted(near.length > 0 ? near : names.slice(0, 12))}`,
  });
}

const arrayName = ({ name }: ZipMember): string => name.replace(/\.npy$/u, "");

function headerOf(file: OpenFile, member: ZipMember, path: string) {
  const shown = `${path}/${member.name}`;
  let start = memberStart(file, member, usualHeader, path);
  // A longer header says so in its first bytes.
  if (start.length < member.size && !endsWithin(start)) start = memberStart(file, member, longestHeader + 12, path);
  const header = parseNpyHeader(start, member.size, shown);
  verifyLength(header, member.size, shown);
  return header;
}

/** Whether a header ends within its first bytes. */
function endsWithin(start: Uint8Array): boolean {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (start.length < 12) return false;
  return start[6] === 1 ? 10 + view.getUint16(8, true) <= start.length : 12 + view.getUint32(8, true) <= start.length;
}
