/** Commands that a GitHub workflow reads from the output, and how all other output is kept from being read as one. */

export type Level = "error" | "warning" | "notice";

export function command(level: Level, properties: Readonly<Record<string, string | number>>, text: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${level}${list.length === 0 ? "" : " "}${list.join(",")}::${escapeData(text)}`;
}

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** No line begins with `::` and nothing says `##[`, the older form that counts anywhere: words of a spec give no orders. */
export function withoutCommands(text: string): string {
  return text.replaceAll(/^(\s*):(?=:)/gmu, "$1:\u{200B}").replaceAll("##[", "##\u{200B}[");
}

/** The same for JSON, where only strings can hold such words and no line begins with a colon. */
export const jsonWithoutCommands = (text: string): string => text.replaceAll("##[", "##\\u005b");
