import { randomBytes } from 'node:crypto';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import {
  keyOverlapMs,
  publishedAheadMs,
  type TokenKey,
  type TokenKeyState,
  TokenKeyStore,
} from '../../src/domain/token-key.js';

/** Token keys in memory, which any number of nodes may share. The first key signs from 1970 on. */
export class KeyStore extends TokenKeyStore {
  keys: TokenKey[] = [{ secret: randomBytes(32), signsFrom: 0 }];
  foreignTokens = false;
  away = false;

  async read(): Promise<TokenKeyState> {
    if (this.away) throw new StoreUnavailable('away');
    return { keys: [...this.keys], foreignTokens: this.foreignTokens, keptMs: keyOverlapMs };
  }

  async expectForeignTokens(): Promise<void> {
    this.foreignTokens = true;
  }

  async rotate(now: number): Promise<number> {
    const signsFrom = now + publishedAheadMs;
    this.keys.push({ secret: randomBytes(32), signsFrom });
    return signsFrom;
  }
}
