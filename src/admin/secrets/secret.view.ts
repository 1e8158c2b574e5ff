import type { ClientSecret, ClientSecretList } from '../../domain/client-secrets.js';
import { isoTime } from '../iso-time.js';

/** The secrets of a client as the wire has them: nothing of the secrets themselves. What is undefined is left out of JSON. */
export function secretListMembers({ secrets }: ClientSecretList): { readonly items: readonly object[] } {
  return { items: secrets.map(secretMembers) };
}

/** One of them. Times are in ISO 8601. */
export function secretMembers({
  id,
  state,
  createdAt,
  lastUsedAt,
  until,
}: ClientSecret): Readonly<Record<string, unknown>> {
  return {
    id,
    state,
    created_at: isoTime(createdAt),
    last_used_at: isoTime(lastUsedAt),
    until: isoTime(until),
  };
}
