import { maxLifetime } from '../../domain/client.js';
import { grantTypes } from '../../domain/grant-type.js';
import { arrayOf, count, flag, mapOf, objectOf, oneOf, realmPath, text, time } from '../../openapi/schema.js';

const maxNameLength = 255;
const name = (description: string) => text(description, { minLength: 1, maxLength: maxNameLength });
const lifetime = (description: string) => count(description, { minimum: 2, maximum: maxLifetime });
const attributes = mapOf({ oneOf: [text(), arrayOf(text())] }, 'Texts, or lists of texts, by name.');

/** Members of a realm that may be changed, by their names in `symbolon.yaml`. */
export const realmMembers = {
  auth_level: count('Authentication level that its users reach by password.', { maximum: 2 ** 31 - 1 }),
  usernames: oneOf(['exact', 'fold'], 'How user names that are presented are compared.'),
  pages: objectOf(
    {},
    {
      name: text('The name that users know the service by.', { maxLength: 100 }),
      accent: text('A colour.', { pattern: '^#[0-9a-fA-F]{6}$' }),
      scopes: mapOf(objectOf({}, { en: text(), de: text() }), 'What scope tokens stand for, by language.'),
    },
    { description: 'How its pages look.' },
  ),
  enabled: flag(),
};

/** Members of a client that may be changed. */
export const clientMembers = {
  client_type: oneOf(['confidential', 'public'], 'Whether it can keep a secret (RFC 6749 §2.1).'),
  client_name: text('The display name.', { maxLength: maxNameLength }),
  description: text(undefined, { maxLength: 4096 }),
  contact_email: text(undefined, { maxLength: maxNameLength }),
  application: text('The application that it belongs to.', { maxLength: maxNameLength }),
  grant_types: arrayOf(oneOf(grantTypes)),
  redirect_uris: arrayOf(text(), 'Where authorization codes may be sent.'),
  insecure_redirect_uris: flag('Whether they may be `http` on another machine.'),
  pkce: oneOf(['required', 'optional'], 'Whether authorization requests need a challenge (RFC 7636).'),
  consent: oneOf(['ask', 'implied']),
  origins: arrayOf(text(), 'Origins of its pages in a browser.'),
  scopes: arrayOf(text(), 'The scope tokens that it may request.'),
  default_scopes: arrayOf(text(), 'The scope that it is granted when it requests none.'),
  access_token_lifetime: lifetime('Seconds.'),
  refresh_token_lifetime: lifetime('Seconds from the issue of a refresh token.'),
  refresh_token_max_lifetime: lifetime('Seconds in which refresh tokens can follow one another.'),
  refresh: oneOf(['new', 'none', 'preserve'], 'What replaces a used refresh token.'),
  refresh_retry: oneOf(['strict', 'graceful'], 'Whether a retry of a refresh is forgiven.'),
  introspect: oneOf(['own', 'realm', 'all'], 'Whose tokens it may introspect.'),
  administer: oneOf(['none', 'read', 'write'], 'What its admin tokens may do at this listener.'),
  lenient_authentication: flag('Whether it may send its credentials in the header and in the form.'),
  additional_information: mapOf(text(), 'Additional information of each of its tokens.'),
  additional_parameters: arrayOf(text(), 'Request parameters that become additional information.'),
  attributes,
  enabled: flag(),
};

/** Members of a user that may be changed. */
export const userMembers = { attributes, enabled: flag() };

const stored = {
  created_at: time('Left out where it was before this was recorded.'),
  updated_at: time('As `created_at`.'),
};
const version = text('Another one after each change by a person.', { pattern: '^[A-Za-z0-9_-]{22}$' });

/** A generated secret, of the answers that may show one. */
const shownOnce = {
  client_secret: text('The secret that was generated; this answer alone shows it.', { format: 'password' }),
};

/** What `subjectView` writes, by the kind of subject. */
export const subjectSchemas = {
  realm: objectOf({ name: realmPath, version }, { ...realmMembers, ...stored }, { title: 'Realm' }),
  client: objectOf(
    { realm: realmPath, client_id: text('Its identifier.'), version },
    { ...clientMembers, ...stored, ...shownOnce },
    { title: 'Client' },
  ),
  user: objectOf(
    { realm: realmPath, username: text(), version },
    { ...userMembers, ...stored },
    { title: 'User' },
  ),
};

/** What adds a subject, by its kind. */
export const newSubjectSchemas = {
  realm: objectOf({ name: realmPath }, realmMembers, { title: 'NewRealm' }),
  client: objectOf(
    { client_id: name('Its identifier.') },
    {
      ...clientMembers,
      client_secret: text('In clear; a secret is generated where there is none.', { format: 'password' }),
      client_secret_hash: text('A hash instead of a secret.'),
    },
    { title: 'NewClient' },
  ),
  user: objectOf(
    { username: name('Its name.') },
    {
      ...userMembers,
      password: text('In clear.', { format: 'password' }),
      password_hash: text('A hash instead of a password.'),
    },
    { title: 'NewUser' },
  ),
};

const at = { created_at: '2026-01-01T12:00:00.000Z', updated_at: '2026-01-01T12:00:00.000Z' };

/** A subject of each kind. */
export const subjectExamples = {
  realm: { name: '/alpha', auth_level: 0, usernames: 'exact', enabled: true, ...at },
  client: { realm: '/alpha', client_id: 'billing', client_type: 'confidential', enabled: true, ...at },
  user: { realm: '/alpha', username: 'ann', attributes: { mail: ['ann@example.com'] }, enabled: true, ...at },
};
