import type { SubjectKind } from './audit.js';
import type { Attributes } from './attributes.js';
import type { Client } from './client.js';
import type { Registration } from './directory-writer.js';
import type { Realm, RealmPages } from './realm.js';
import type { ResourceOwner } from './resource-owner.js';
import type { SubjectTypes } from './subject-records.js';

/**
 * Members by their names in `symbolon.yaml`, in its order. Values are texts, numbers, booleans, lists and Maps; none is
 * undefined. Maps, because an object would reorder a name like `12`.
 */
export type Members = ReadonlyMap<string, unknown>;

/** What the file would hold of a stored subject, defaults included; never a password, a secret or a hash of one. */
export function toMembers<Kind extends SubjectKind>(
  kind: Kind,
  subject: Registration<SubjectTypes[Kind]>,
): Members {
  return membersOf[kind](subject);
}

/** The stored hashes of a subject, by the members of the file that take them; imported ones as they are stored now. */
export function toSecretMembers<Kind extends SubjectKind>(
  kind: Kind,
  subject: Registration<SubjectTypes[Kind]>,
): Members {
  return secretMembersOf[kind](subject);
}

type Writers = { readonly [Kind in SubjectKind]: (subject: Registration<SubjectTypes[Kind]>) => Members };

const membersOf: Writers = { realm: realmMembers, client: clientMembers, user: userMembers };

const secretMembersOf: Writers = {
  realm: () => new Map(),
  client: ({ secretHash }) => defined({ client_secret_hash: secretHash }),
  user: ({ passwordHash }) => defined({ password_hash: passwordHash }),
};

function realmMembers({ path, authLevel, usernames, pages, enabled }: Registration<Realm>): Members {
  return defined({ name: path, auth_level: authLevel, usernames, pages: pagesMembers(pages), enabled });
}

function pagesMembers({ name, accent, scopes }: RealmPages): Members | undefined {
  const texts = [...scopes].map(([token, { en, de }]) => [token, defined({ en, de })] as const);
  const members = defined({ name, accent, scopes: texts.length > 0 ? new Map(texts) : undefined });
  return members.size > 0 ? members : undefined;
}

function clientMembers(client: Registration<Client>): Members {
  return defined({
    client_id: client.clientId,
    client_type: client.type,
    client_name: client.name,
    description: client.description,
    contact_email: client.contactEmail,
    application: client.application,
    grant_types: client.grantTypes,
    redirect_uris: client.redirectUris,
    insecure_redirect_uris: client.insecureRedirectUris,
    pkce: client.pkce,
    consent: client.consent,
    origins: client.origins,
    scopes: client.scopes,
    default_scopes: client.defaultScopes,
    access_token_lifetime: client.accessTokenLifetime,
    refresh_token_lifetime: client.refreshTokenLifetime,
    refresh_token_max_lifetime: client.refreshTokenMaxLifetime,
    refresh: client.refresh.successor,
    refresh_retry: client.refresh.graceful ? 'graceful' : 'strict',
    introspect: client.introspect,
    administer: client.administer,
    lenient_authentication: client.lenientAuthentication,
    additional_information: new Map(client.additionalInformation),
    additional_parameters: client.copiedParameters,
    attributes: attributesMembers(client.attributes),
    enabled: client.enabled,
  });
}

function userMembers({ username, attributes, enabled }: Registration<ResourceOwner>): Members {
  return defined({ username, attributes: attributesMembers(attributes), enabled });
}

/** Each with a list of its values, even of one: what reads it need not tell two forms apart. */
function attributesMembers(attributes: Attributes): Members {
  return new Map(attributes);
}

function defined(members: Readonly<Record<string, unknown>>): Members {
  return new Map(Object.entries(members).filter(([, value]) => value !== undefined));
}
