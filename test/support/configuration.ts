import { grantTypes } from '../../src/domain/grant-type.js';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import type { ClientEntry, UserEntry } from '../../src/provisioning/entries.js';

/** What a test says of a realm. */
export interface RealmFields {
  readonly clients?: readonly Partial<ClientEntry>[];
  readonly users?: readonly Partial<UserEntry>[];
  readonly auth_level?: number;
  readonly enabled?: boolean;
  readonly state?: 'present' | 'absent';
}

/** A `symbolon.yaml` of these realms (JSON is YAML). */
export function configuration(realms: Readonly<Record<string, RealmFields>>): string {
  const entries = Object.entries(realms).map(([name, fields]) => ({ name, ...fields }));
  return JSON.stringify({ realms: entries }, (_name, value: unknown) =>
    value instanceof Map ? (Object.fromEntries(value) as unknown) : value,
  );
}

/** The client `app`, whose generated secret is `app-secret` and which may do everything, except as stated. */
export function client(fields: Partial<ClientEntry> = {}): Partial<ClientEntry> {
  return {
    client_id: 'app',
    client_secret_hash: hashGeneratedSecret('app-secret'),
    grant_types: [...grantTypes],
    scopes: ['read', 'write'],
    default_scopes: ['read'],
    ...fields,
  };
}

/** A client that keeps no secret. */
export function publicClient(fields: Partial<ClientEntry> = {}): Partial<ClientEntry> {
  return client({
    client_type: 'public',
    client_secret_hash: undefined,
    grant_types: ['password'],
    ...fields,
  });
}

/** What the client `app` sends to authenticate. */
export const appCredentials = { client_id: 'app', client_secret: 'app-secret' };
