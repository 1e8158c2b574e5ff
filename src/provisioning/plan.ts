import type { Attributes } from '../domain/attributes.js';
import type { Client } from '../domain/client.js';
import type { Directory } from '../domain/directory.js';
import { plainPages, type Realm, type RealmPages } from '../domain/realm.js';
import type { DirectoryChange, Effect, Registration } from '../domain/directory-writer.js';
import type { ResourceOwner } from '../domain/resource-owner.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Credential, CredentialPlanner } from './credentials.js';
import type { AttributesEntry, ClientEntry, RealmEntry, UserEntry } from './entries.js';
import type { PagesEntry } from './pages-entry.js';
import type { Configuration } from './parse.js';
import type { Problems } from './problems.js';

/** The change to make to one subject; undefined when the subject matches the file. */
export type Step = DirectoryChange | undefined;

/** Subjects that are planned at once: libuv hashes on four threads. */
const batchSize = 4;

/**
 * Compares a configuration with the directory, in the order in which the changes can be made: a realm before
 * its clients and users.
 * @returns a step for each realm, client and user that the file names
 * @throws ConfigurationFileError when a new user has no password or a new confidential client no secret
 */
export async function planChanges(
  { realms, problems }: Configuration,
  directory: Directory,
  credentials: CredentialPlanner,
): Promise<Step[]> {
  const planner = new Planner(directory, credentials, problems);
  const subjects = realms.flatMap((realm, index) => {
    const key = `realms[${index}]`;
    return [
      () => planner.planRealm(realm),
      ...realm.clients.map(
        (client, i) => () => planner.planClient(realm.name, client, `${key}.clients[${i}]`),
      ),
      ...realm.users.map((user, i) => () => planner.planUser(realm.name, user, `${key}.users[${i}]`)),
    ];
  });
  const steps: Step[] = [];
  for (let start = 0; start < subjects.length; start += batchSize) {
    const batch = subjects.slice(start, start + batchSize);
    steps.push(...(await Promise.all(batch.map((plan) => plan()))));
  }
  problems.throwIfAny();
  return steps;
}

/** An entry replaces its subject's whole record; only a stored password or secret stays if it has none. */
class Planner {
  constructor(
    private readonly directory: Directory,
    private readonly credentials: CredentialPlanner,
    private readonly problems: Problems,
  ) {}

  async planRealm(entry: RealmEntry): Promise<Step> {
    const stored = await this.directory.findRealm(entry.name);
    if (entry.state === 'absent') return stored && { effect: 'remove', realm: stored, before: stored };
    const realm: Registration<Realm> = {
      path: entry.name,
      authLevel: entry.auth_level,
      usernames: entry.usernames ?? 'exact',
      pages: entry.pages ? toPages(entry.pages) : plainPages,
      enabled: entry.enabled,
    };
    const effect = effectOf(stored, realm);
    return effect && { effect, realm, before: stored };
  }

  async planClient(realm: string, entry: ClientEntry, key: string): Promise<Step> {
    const stored = await this.directory.findClient(realm, entry.client_id);
    if (entry.state === 'absent') return stored && { effect: 'remove', client: stored, before: stored };
    const secret = await this.secretOf(entry, stored, key);
    const client: Registration<Client> = {
      realm,
      clientId: entry.client_id,
      type: entry.client_type,
      secretHash: secret?.hash,
      importedHash: secret?.importedHash,
      grantTypes: distinct(entry.grant_types),
      redirectUris: distinct(entry.redirect_uris ?? []),
      insecureRedirectUris: entry.insecure_redirect_uris ?? false,
      pkce: entry.pkce ?? 'required',
      consent: entry.consent ?? 'ask',
      origins: distinct(entry.origins ?? []),
      scopes: distinct(entry.scopes),
      defaultScopes: distinct(entry.default_scopes),
      accessTokenLifetime: entry.access_token_lifetime,
      refreshTokenLifetime: entry.refresh_token_lifetime,
      refreshTokenMaxLifetime: entry.refresh_token_max_lifetime,
      refresh: { successor: entry.refresh, graceful: entry.refresh_retry === 'graceful' },
      introspect: entry.introspect,
      administer: entry.administer ?? 'none',
      lenientAuthentication: entry.lenient_authentication ?? false,
      additionalInformation: [...entry.additional_information.values()].map(({ name, value }) => [
        name,
        value,
      ]),
      copiedParameters: distinct(entry.additional_parameters),
      attributes: toAttributes(entry.attributes),
      name: entry.client_name,
      description: entry.description,
      contactEmail: entry.contact_email,
      application: entry.application,
      enabled: entry.enabled,
    };
    // A client that turns public loses its secret, one that turns confidential gets one: both end its tokens.
    const effect = effectOf(stored, client, stored?.secretHash !== client.secretHash);
    return effect && { effect, client, before: stored };
  }

  async planUser(realm: string, entry: UserEntry, key: string): Promise<Step> {
    const stored = await this.directory.findResourceOwner(realm, entry.username);
    if (entry.state === 'absent')
      return stored && { effect: 'remove', resourceOwner: stored, before: stored };
    const password = await this.credentials.plan(
      { clear: entry.password, hash: entry.password_hash },
      stored && { hash: stored.passwordHash, importedHash: stored.importedHash },
    );
    if (!password) {
      this.problems.add(`${key}.password`, 'is missing: a new user needs password or password_hash');
      return undefined;
    }
    const resourceOwner: Registration<ResourceOwner> = {
      realm,
      username: entry.username,
      passwordHash: password.hash,
      importedHash: password.importedHash,
      attributes: toAttributes(entry.attributes),
      enabled: entry.enabled,
    };
    const effect = effectOf(stored, resourceOwner, stored?.passwordHash !== password.hash);
    return effect && { effect, resourceOwner, before: stored };
  }

  private async secretOf(
    entry: ClientEntry,
    stored: Client | undefined,
    key: string,
  ): Promise<Credential | undefined> {
    if (entry.client_type === 'public') return undefined;
    const secret = await this.credentials.plan(
      { clear: entry.client_secret, hash: entry.client_secret_hash },
      stored?.secretHash === undefined
        ? undefined
        : { hash: stored.secretHash, importedHash: stored.importedHash },
    );
    if (!secret) {
      const reason = 'is missing: a new confidential client needs client_secret or client_secret_hash';
      this.problems.add(`${key}.client_secret`, reason);
    }
    return secret;
  }
}

/** The effect that makes the stored record the wanted one. New credentials and disabling end its tokens. */
function effectOf<Subject extends { readonly enabled: boolean; readonly epoch: number }>(
  stored: Subject | undefined,
  wanted: Registration<Subject>,
  newCredentials = false,
): Effect | undefined {
  if (!stored) return 'add';
  if (canonicalJson({ ...stored, epoch: undefined }) === canonicalJson(wanted)) return undefined;
  return newCredentials || (stored.enabled && !wanted.enabled) ? 'endTokens' : 'update';
}

function distinct<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}

function toPages({ name, accent, scopes = new Map() }: PagesEntry): RealmPages {
  const texts = [...scopes].map(([token, { en, de }]) => [token, { en, de }] as const);
  return { name, accent, scopes: new Map(texts) };
}

function toAttributes(entry: AttributesEntry): Attributes {
  return new Map([...entry.values()].map(({ name, values }) => [name, values]));
}
