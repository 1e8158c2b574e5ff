import { grantTypes } from '../../src/domain/grant-type.js';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import type { ClientEntry, UserEntry } from '../../src/provisioning/entries.js';

/** The fields of a client or user that a test sets, in the format of the file. */
type Written<Entry extends { attributes: unknown }> = Partial<
  Omit<Entry, 'attributes' | 'additional_information'>
> & {
  readonly attributes?: ReadonlyMap<string, string | readonly string[]>;
  readonly additional_information?: ReadonlyMap<string, string>;
};
export type ClientFields = Written<ClientEntry>;
export type UserFields = Written<UserEntry>;

/** The fields of a realm that a test sets. */
export interface RealmFields {
  readonly clients?: readonly ClientFields[];
  readonly users?: readonly UserFields[];
  readonly auth_level?: number;
  readonly usernames?: 'exact' | 'fold';
  readonly pages?: Readonly<Record<string, unknown>>;
  readonly enabled?: boolean;
  readonly state?: 'present' | 'absent';
}

/** A `symbolon.yaml` with these realms (JSON is YAML). */
export function configuration(realms: Readonly<Record<string, RealmFields>>): string {
  const entries = Object.entries(realms).map(([name, fields]) => ({ name, ...fields }));
  return JSON.stringify({ realms: entries }, (_name, value: unknown) =>
    value instanceof Map ? (Object.fromEntries(value) as unknown) : value,
  );
}

/** The client `app`, with the generated secret `app-secret` and all grant types, except as stated. */
export function client(fields: ClientFields = {}): ClientFields {
  return {
    client_id: 'app',
    client_secret_hash: hashGeneratedSecret('app-secret'),
    grant_types: [...grantTypes],
    redirect_uris: ['https://client.example/callback'],
    scopes: ['read', 'write'],
    default_scopes: ['read'],
    ...fields,
  };
}

/** The public client `app`, which may use the password grant alone, except as stated. */
export function publicClient(fields: ClientFields = {}): ClientFields {
  return client({
    client_type: 'public',
    client_secret_hash: undefined,
    grant_types: ['password'],
    ...fields,
  });
}

/** The form parameters that authenticate the client `app`. */
export const appCredentials = { client_id: 'app', client_secret: 'app-secret' };
