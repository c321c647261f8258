/** Whether two expressions are the same one, written twice: plain data compared but for some keys. */

/** Parts that are compared, and how deep; what is larger is taken for different. */
const MOST_PARTS = 20_000;
const DEEPEST = 500;

export function alike(first: unknown, second: unknown, leftOut: ReadonlySet<string>): boolean {
  let parts = 0;
  const entriesOf = (node: object): ReadonlyMap<string, unknown> =>
    new Map(Object.entries(node).filter(([key]) => !leftOut.has(key)));
  const compare = (one: unknown, other: unknown, depth: number): boolean => {
    if (Object.is(one, other)) return true;
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
    parts += 1;
    if (parts > MOST_PARTS || depth > DEEPEST || Array.isArray(one) !== Array.isArray(other)) return false;
    const [own, others] = [entriesOf(one), entriesOf(other)];
    return (
      own.size === others.size &&
      [...own].every(([key, part]) => others.has(key) && compare(part, others.get(key), depth + 1))
    );
  };
  return compare(first, second, 0);
}
