import { PasswordHasher } from '../../src/domain/secret.js';

/** A hasher whose operations end when the test says so. */
export class HeldHasher extends PasswordHasher {
  /** The operations under way, in the order in which they began. */
  readonly held: {
    readonly password: string;
    readonly end: (right: boolean) => void;
    readonly fail: (error: Error) => void;
  }[] = [];

  async hash(password: string): Promise<string> {
    await this.hold(password);
    return 'hash';
  }

  verify(_hash: string, password: string): Promise<boolean> {
    return this.hold(password);
  }

  /** The passwords of the operations under way. */
  get passwords(): string[] {
    return this.held.map(({ password }) => password);
  }

  /** Ends the oldest operation, and waits until others may have begun. */
  async end(right = true): Promise<void> {
    this.held.shift()?.end(right);
    await new Promise(setImmediate);
  }

  private hold(password: string): Promise<boolean> {
    return new Promise((end, fail) => this.held.push({ password, end, fail }));
  }
}
