import type { ListedKey } from '../domain/listed-key.js';
import { isoTime } from './iso-time.js';

/** A key as the wire has it: snake_case, times in ISO 8601. What is undefined is left out of JSON. */
export function keyMembers(key: ListedKey): Readonly<Record<string, unknown>> {
  return {
    id: key.id,
    state: key.state,
    published_at: isoTime(key.publishedAt),
    signs_from: isoTime(key.signsFrom),
    kept_until: isoTime(key.keptUntil),
  };
}
