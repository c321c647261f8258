/** Keeps what was read last, up to a number of bytes; the oldest goes first. */
export class Kept<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly bytes: number }>();
  private total = 0;

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    return this.entries.get(key)?.value;
  }

  /** Keeps a value, or makes one that is kept the youngest. What is larger than the limit is not kept. */
  set(key: string, value: T, bytes: number): void {
    const before = this.entries.get(key);
    if (before !== undefined) this.remove(key, before.bytes);
    if (bytes > this.limit) return;
    this.entries.set(key, { value, bytes });
    this.total += bytes;
    for (const [oldest, entry] of this.entries) {
      if (this.total <= this.limit) return;
      this.remove(oldest, entry.bytes);
    }
  }

  private remove(key: string, bytes: number): void {
    this.entries.delete(key);
    this.total -= bytes;
  }
}
