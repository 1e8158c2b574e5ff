import type { ListedKey } from '../domain/listed-key.js';

/** A key as the wire has it: snake_case, times in ISO 8601. What is undefined is left out of JSON. */
export function keyMembers(key: ListedKey): Readonly<Record<string, unknown>> {
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    id: key.id,
    state: key.state,
    published_at: time(key.publishedAt),
    signs_from: time(key.signsFrom),
    kept_until: time(key.keptUntil),
  };
}
