/** Most keys that are remembered; the one that was added first is forgotten first. */
const maxKeys = 10_000;

/**
 * Remembers until when keys are blocked, so that whoever goes on guessing costs no statement. A block never ends earlier than
 * was known.
 */
export class BlockedKeys {
  /** Times in milliseconds since 1970. */
  private readonly until = new Map<string, number>();

  add(key: Buffer, until: number): void {
    const text = key.toString('latin1');
    this.until.delete(text);
    this.until.set(text, until);
    const [first] = this.until.keys();
    if (this.until.size > maxKeys) this.until.delete(first);
  }

  /** For how many milliseconds a key is still blocked; 0 or less where it is not known to be. */
  left(key: Buffer, now: number): number {
    return (this.until.get(key.toString('latin1')) ?? now) - now;
  }
}
