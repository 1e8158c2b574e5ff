import type { Attributes } from '../domain/attributes.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Client } from '../domain/client.js';
import type { DirectoryChange, Effect, Registration } from '../domain/directory-writer.js';
import { plainPages, type Realm, type RealmPages } from '../domain/realm.js';
import type { ResourceOwner } from '../domain/resource-owner.js';
import type { Credential, CredentialPlanner } from './credentials.js';
import type { AttributesEntry, ClientEntry, RealmEntry, UserEntry } from './entries.js';
import type { PagesEntry } from './pages-entry.js';
import type { Problems } from './problems.js';

/** The change to make to one subject; undefined when the subject matches its entry. */
export type Step = DirectoryChange | undefined;

/**
 * Plans the change that makes a stored subject what its entry says. An entry replaces the subject's whole record; only a
 * stored password or secret stays if it has none.
 */
export class SubjectPlanner {
  constructor(
    private readonly credentials: CredentialPlanner,
    private readonly problems: Problems,
  ) {}

  planRealm(entry: RealmEntry, stored: Realm | undefined): Step {
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

  /** @param key of the entry, for problems */
  async planClient(
    realm: string,
    entry: ClientEntry,
    stored: Client | undefined,
    key: string,
  ): Promise<Step> {
    if (entry.state === 'absent') return stored && { effect: 'remove', client: stored, before: stored };
    const secret = await this.secretOf(entry, stored, key);
    const client: Registration<Client> = {
      realm,
      clientId: entry.client_id,
      type: entry.client_type,
      secretHash: secret?.hash,
      importedHash: secret?.importedHash,
      // Another credential ends both.
      previousSecret: secret?.hash === stored?.secretHash ? stored?.previousSecret : undefined,
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

  /** @param key of the entry, for problems */
  async planUser(
    realm: string,
    entry: UserEntry,
    stored: ResourceOwner | undefined,
    key: string,
  ): Promise<Step> {
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
    // One that `symbolon admin-token` has registered has none.
    if (!secret && stored?.type !== 'confidential') {
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
