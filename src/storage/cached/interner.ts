/** The most values that are shared; then all are dropped, and sharing starts again. */
const maxInterned = 10_000;

/**
 * Returns one shared value for equal texts. The driver creates a new text for every row; without sharing, the
 * cached tokens would take half as much memory again.
 */
export class Interner<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly make: (text: string) => Value) {}

  /** The shared value of a text. */
  of(text: string): Value {
    const known = this.values.get(text);
    if (known !== undefined) return known;
    if (this.values.size === maxInterned) this.values.clear();
    const value = this.make(text);
    this.values.set(text, value);
    return value;
  }
}
