import type { Member } from './member.js';

export const grantTypes = ['authorization_code', 'password', 'client_credentials', 'refresh_token'] as const;

/** The members of a client, in the order of its form. */
export const clientMembers: readonly Member[] = [
  { name: 'client_id', label: 'Client id', type: 'text', onlyNew: true, required: true },
  { name: 'client_name', label: 'Name', type: 'text', help: 'Users see it when they are asked for consent.' },
  { name: 'description', label: 'Description', type: 'text' },
  { name: 'contact_email', label: 'E-mail of a contact', type: 'text' },
  { name: 'application', label: 'Application', type: 'text' },
  { name: 'enabled', label: 'Enabled', type: 'flag' },
  {
    name: 'client_type',
    label: 'Type',
    type: 'choice',
    values: ['confidential', 'public'],
    help: 'A confidential client has a secret, which is generated and shown once.',
  },
  {
    name: 'grant_types',
    label: 'Grant types',
    type: 'list',
    help: `One a line, of: ${grantTypes.join(', ')}.`,
  },
  { name: 'scopes', label: 'Scopes', type: 'list', help: 'One a line.' },
  {
    name: 'default_scopes',
    label: 'Default scopes',
    type: 'list',
    help: 'One a line; a part of the scopes.',
  },
  {
    name: 'redirect_uris',
    label: 'Redirect URIs',
    type: 'list',
    help: 'One a line: where codes may be sent.',
  },
  {
    name: 'insecure_redirect_uris',
    label: 'Redirect URIs may be http on another machine',
    type: 'flag',
  },
  { name: 'pkce', label: 'PKCE', type: 'choice', values: ['required', 'optional'] },
  { name: 'consent', label: 'Consent', type: 'choice', values: ['ask', 'implied'] },
  { name: 'origins', label: 'Origins', type: 'list', help: 'One a line: of its pages in a browser.' },
  { name: 'access_token_lifetime', label: 'Lifetime of access tokens', type: 'number', help: 'Seconds.' },
  { name: 'refresh_token_lifetime', label: 'Lifetime of refresh tokens', type: 'number', help: 'Seconds.' },
  {
    name: 'refresh_token_max_lifetime',
    label: 'Time from the sign-in in which refresh tokens follow one another',
    type: 'number',
    help: 'Seconds.',
  },
  { name: 'refresh', label: 'After a refresh', type: 'choice', values: ['new', 'none', 'preserve'] },
  { name: 'refresh_retry', label: 'Retry of a refresh', type: 'choice', values: ['strict', 'graceful'] },
  { name: 'introspect', label: 'May introspect', type: 'choice', values: ['own', 'realm', 'all'] },
  { name: 'administer', label: 'May administer', type: 'choice', values: ['none', 'read', 'write'] },
  { name: 'lenient_authentication', label: 'May send its credentials twice', type: 'flag' },
  {
    name: 'additional_information',
    label: 'Additional information of its tokens',
    type: 'mapping',
    help: 'JSON: names with their texts.',
  },
  { name: 'additional_parameters', label: 'Copied parameters', type: 'list', help: 'One a line.' },
  { name: 'attributes', label: 'Attributes', type: 'mapping', help: 'JSON: names with lists of texts.' },
];
