import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../domain/clock.js';
import type { Place } from '../domain/page.js';
import type { TokenKey, TokenKeyStore } from '../domain/token-key.js';
import { badParameter } from './problem.js';

/** Length of the HMAC in a cursor, in bytes. */
const tagLength = 16;

/** Where a page of a list ends. A cursor is good for the same list, with the same filters, alone. */
export interface ListView {
  /** The list's name. */
  readonly list: string;
  /** Everything that decides which entries the list has, with the caller's realm. */
  readonly filters: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes and reads cursors: the place of a page's last entry, and an HMAC of it and of the list's filters. Its key is
 * derived from the keys that tag tokens, so every node reads the cursors of every other.
 */
export class Cursors {
  constructor(
    private readonly keys: TokenKeyStore,
    private readonly clock: Clock,
  ) {}

  /** @throws StoreUnavailable */
  async write(place: Place, view: ListView): Promise<string> {
    const { keys } = await this.keys.read(this.clock.now());
    const bytes = Buffer.from(JSON.stringify([place.at, place.id]));
    return Buffer.concat([tagOf(bytes, view, keys[keys.length - 1]), bytes]).toString('base64url');
  }

  /**
   * @throws Problem 400 for a cursor that was not made here for this list and these filters
   * @throws StoreUnavailable
   */
  async read(cursor: string, view: ListView): Promise<Place> {
    const bytes = Buffer.from(cursor, 'base64url');
    const [tag, place] = [bytes.subarray(0, tagLength), bytes.subarray(tagLength)];
    const { keys } = await this.keys.read(this.clock.now());
    // Node decodes several texts to the same bytes: only the one that was written is accepted.
    const canonical = tag.length === tagLength && bytes.toString('base64url') === cursor;
    if (!canonical || !keys.some((key) => timingSafeEqual(tagOf(place, view, key), tag))) {
      throw badParameter('cursor', 'is not one of this list with these filters');
    }
    const [at, id] = JSON.parse(place.toString()) as [number, string];
    return { at, id };
  }
}

function tagOf(place: Buffer, { list, filters }: ListView, key: TokenKey): Buffer {
  const derived = createHmac('sha256', key.secret).update('cursors of /admin/v1').digest();
  const names = Object.keys(filters).sort();
  const view = JSON.stringify([list, ...names.map((name) => [name, filters[name] ?? null])]);
  return createHmac('sha256', derived).update(`${view}\n`).update(place).digest().subarray(0, tagLength);
}
