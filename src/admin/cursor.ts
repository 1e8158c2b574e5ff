import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { TokenKey, TokenKeyStore } from '../domain/token-key.js';
import { badParameter } from './problem.js';

/** Length of the HMAC in a cursor, in bytes. */
const tagLength = 16;

/** What tells where an entry of a list stands. */
export type CursorKey = readonly (string | number)[];

/** Where a page of a list ends. A cursor is good for the same list, with the same filters, alone. */
export interface ListView {
  /** The list's name. */
  readonly list: string;
  /** Everything that decides which entries the list has, with the caller's realm. */
  readonly filters: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes and reads cursors: the key of a page's last entry, and an HMAC of it and of the list's filters. Its key is
 * derived from the keys that tag tokens, so every node reads the cursors of every other.
 */
export class Cursors {
  constructor(
    private readonly keys: TokenKeyStore,
    private readonly clock: Clock,
  ) {}

  /** @throws StoreUnavailable */
  async write(key: CursorKey, view: ListView): Promise<string> {
    const { keys } = await this.keys.read(this.clock.now());
    const bytes = Buffer.from(JSON.stringify(key));
    return Buffer.concat([tagOf(bytes, view, keys[keys.length - 1]), bytes]).toString('base64url');
  }

  /**
   * Reads the key that was written for this list.
   * @throws Problem 400 for a cursor that was not made here for this list and these filters
   * @throws StoreUnavailable
   */
  async read<Key extends CursorKey>(cursor: string, view: ListView): Promise<Key> {
    const bytes = Buffer.from(cursor, 'base64url');
    const [tag, key] = [bytes.subarray(0, tagLength), bytes.subarray(tagLength)];
    const { keys } = await this.keys.read(this.clock.now());
    // Node decodes several texts to the same bytes: only the one that was written is accepted.
    const canonical = tag.length === tagLength && bytes.toString('base64url') === cursor;
    if (!canonical || !keys.some((own) => timingSafeEqual(tagOf(key, view, own), tag))) {
      throw badParameter('cursor', 'is not one of this list with these filters');
    }
    return JSON.parse(key.toString()) as Key;
  }
}

function tagOf(key: Buffer, { list, filters }: ListView, own: TokenKey): Buffer {
  const derived = createHmac('sha256', own.secret).update('cursors of /admin/v1').digest();
  const names = Object.keys(filters).sort();
  const view = JSON.stringify([list, ...names.map((name) => [name, filters[name] ?? null])]);
  return createHmac('sha256', derived).update(`${view}\n`).update(key).digest().subarray(0, tagLength);
}
