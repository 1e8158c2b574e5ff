import { isHttps, redirectUriKind } from '../domain/redirect-uri.js';
import type { ClientEntry, RealmEntry, UserEntry } from './entries.js';
import type { PasswordForms } from '../domain/password-forms.js';
import { rootRealm } from '../domain/realm.js';
import { isGeneratedSecretHash } from '../domain/secret.js';
import { foldUsername } from '../domain/username.js';
import type { Problems } from './problems.js';

// Contradictions between keys, and hashes that are not accepted. The entries may be malformed, so that one reading reports
// all of their problems.

/** Checks the realms of a file, and everything in them. */
export function checkConsistency(
  realms: readonly RealmEntry[],
  forms: PasswordForms,
  problems: Problems,
): void {
  if (!Array.isArray(realms)) return;
  checkUnique('realms', 'name', realms, problems);
  realms.forEach((realm: RealmEntry, index) => {
    const key = `realms[${index}]`;
    const clients = entriesOf(realm.clients);
    const users = entriesOf(realm.users);
    checkState(realm, key, problems);
    checkUnique(`${key}.clients`, 'client_id', clients, problems);
    checkUnique(`${key}.users`, 'username', users, problems);
    if (realm.usernames === 'fold') checkFolded(`${key}.users`, users, problems);
    clients.forEach((client, i) => checkClient(client, `${key}.clients[${i}]`, forms, problems));
    users.forEach((user, i) => checkUser(user, `${key}.users[${i}]`, forms, problems));
  });
}

function checkUnique<Name extends string>(
  key: string,
  name: Name,
  entries: readonly Record<Name, string>[],
  problems: Problems,
): void {
  const seen = new Map<string, string>();
  entries.forEach((entry, index) => {
    const value = entry[name];
    const own = `${key}[${index}].${name}`;
    const first = seen.get(value);
    if (first !== undefined) problems.add(own, `is the same as ${first}`);
    else if (value !== undefined) seen.set(value, own);
  });
}

/** Refuses two user names that are one in a realm that folds them, unless one of the two is to go. */
function checkFolded(key: string, users: readonly UserEntry[], problems: Problems): void {
  const seen = new Map<string, { readonly name: string; readonly key: string }>();
  users.forEach(({ username: name, state }, index) => {
    if (typeof name !== 'string' || state === 'absent') return;
    const own = `${key}[${index}].username`;
    const first = seen.get(foldUsername(name));
    if (!first) seen.set(foldUsername(name), { name, key: own });
    // The same name twice is reported already.
    else if (first.name !== name)
      problems.add(own, `is the same as ${first.key} where user names are folded`);
  });
}

function checkState(realm: RealmEntry, key: string, problems: Problems): void {
  if (realm.state !== 'absent') return;
  if (realm.name === rootRealm) problems.add(`${key}.state`, 'the root realm cannot be absent');
  for (const name of ['clients', 'users'] as const) {
    if (entriesOf<unknown>(realm[name]).length > 0)
      problems.add(`${key}.${name}`, 'must be empty where the realm is absent');
  }
}

/** Checks one client. */
export function checkClient(
  client: ClientEntry,
  key: string,
  forms: PasswordForms,
  problems: Problems,
): void {
  checkSecret(client, key, problems);
  checkGrants(client, key, problems);
  checkCodes(client, key, problems);
  const hash = client.client_secret_hash;
  if (typeof hash !== 'string' || !isGeneratedSecretHash(hash)) {
    checkHash(hash, `${key}.client_secret_hash`, forms, problems);
  }
}

function checkSecret(client: ClientEntry, key: string, problems: Problems): void {
  if (client.client_secret !== undefined && client.client_secret_hash !== undefined) {
    problems.add(`${key}.client_secret_hash`, 'cannot stand beside client_secret');
  }
  if (client.client_type !== 'public') return;
  for (const name of ['client_secret', 'client_secret_hash'] as const) {
    if (client[name] !== undefined) problems.add(`${key}.${name}`, 'a public client has no secret');
  }
}

function checkGrants(client: ClientEntry, key: string, problems: Problems): void {
  if (client.client_type === 'public') {
    itemsOf(client.grant_types).forEach((grantType, index) => {
      if (grantType === 'client_credentials') {
        const reason = 'a public client may not use client_credentials (RFC 6749 §4.4)';
        problems.add(`${key}.grant_types[${index}]`, reason);
      }
    });
  }
  const scopes = itemsOf(client.scopes);
  itemsOf(client.default_scopes).forEach((token, index) => {
    if (!scopes.includes(token)) problems.add(`${key}.default_scopes[${index}]`, 'is not one of scopes');
  });
}

/** What the authorization code grant needs, and what a public client may not have there. */
function checkCodes(client: ClientEntry, key: string, problems: Problems): void {
  const { redirect_uris = [], insecure_redirect_uris: insecure, client_type, consent, pkce } = client;
  const uris = itemsOf(redirect_uris).filter((uri) => typeof uri === 'string');
  if (itemsOf(client.grant_types).includes('authorization_code') && uris.length === 0) {
    problems.add(`${key}.redirect_uris`, 'is missing: authorization_code needs at least one');
  }
  uris.forEach((uri, index) => {
    if (redirectUriKind(uri) !== 'insecure' || insecure === true) return;
    const reason = 'sends codes in clear to another machine; allow it by insecure_redirect_uris: true';
    problems.add(`${key}.redirect_uris[${index}]`, reason);
  });
  if (client_type !== 'public') return;
  if (pkce === 'optional')
    problems.add(`${key}.pkce`, 'a public client must send a challenge (RFC 9700 §2.1.1)');
  if (consent === 'implied' && !uris.every(isHttps)) {
    const reason = 'implied needs a confidential client, or https in all redirect_uris (RFC 8252 §8.6)';
    problems.add(`${key}.consent`, reason);
  }
}

/** Checks one user. */
export function checkUser(user: UserEntry, key: string, forms: PasswordForms, problems: Problems): void {
  if (user.password !== undefined && user.password_hash !== undefined) {
    problems.add(`${key}.password_hash`, 'cannot stand beside password');
  }
  checkHash(user.password_hash, `${key}.password_hash`, forms, problems);
}

/** Refuses a hash whose form is not known, or that costs too much. What has another flaw already is not checked. */
function checkHash(value: unknown, key: string, forms: PasswordForms, problems: Problems): void {
  if (typeof value !== 'string' || problems.has(key)) return;
  const accepted = forms.accept(value);
  if ('refused' in accepted) problems.add(key, accepted.refused);
}

/** The entries of a list; none where the value is not a list. */
function entriesOf<Entry>(list: readonly Entry[]): readonly Entry[] {
  return Array.isArray(list) ? (list as readonly Entry[]) : [];
}

/** The items of a list; a value that is not a list is its own only item. */
function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [list];
}
