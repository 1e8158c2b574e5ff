/** So many values are shared at most; then sharing begins anew. */
const maxShared = 10_000;

/**
 * Keeps one copy of what many rows have in common: the driver makes a text of its own for each, and tokens that are
 * kept in memory would take half as much again.
 */
export class Shared<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly make: (text: string) => Value) {}

  /** The one value of a text. */
  of(text: string): Value {
    const known = this.values.get(text);
    if (known !== undefined) return known;
    if (this.values.size === maxShared) this.values.clear();
    const value = this.make(text);
    this.values.set(text, value);
    return value;
  }
}
