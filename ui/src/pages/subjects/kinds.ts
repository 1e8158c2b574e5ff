import { clientMembers } from './client-members.js';
import type { Member } from './member.js';

/** A kind of subject, and what its pages show. */
export interface Kind {
  readonly kind: 'client' | 'user' | 'realm';
  readonly title: string;
  /** The path of its routes, and of its page. */
  readonly path: '/clients' | '/users' | '/realms';
  /** The member that it is named by. */
  readonly nameMember: 'client_id' | 'username' | 'name';
  readonly members: readonly Member[];
}

export const clientKind: Kind = {
  kind: 'client',
  title: 'Clients',
  path: '/clients',
  nameMember: 'client_id',
  members: clientMembers,
};

export const userKind: Kind = {
  kind: 'user',
  title: 'Users',
  path: '/users',
  nameMember: 'username',
  members: [
    { name: 'username', label: 'User name', type: 'text', onlyNew: true, required: true },
    { name: 'password', label: 'Password', type: 'secret', onlyNew: true },
    { name: 'enabled', label: 'Enabled', type: 'flag' },
    { name: 'attributes', label: 'Attributes', type: 'mapping', help: 'JSON: names with lists of texts.' },
  ],
};

export const realmKind: Kind = {
  kind: 'realm',
  title: 'Realms',
  path: '/realms',
  nameMember: 'name',
  members: [
    { name: 'name', label: 'Path', type: 'text', help: 'As /alpha or /a/b.', onlyNew: true, required: true },
    { name: 'enabled', label: 'Enabled', type: 'flag' },
    { name: 'auth_level', label: 'Authentication level', type: 'number' },
    { name: 'usernames', label: 'User names', type: 'choice', values: ['exact', 'fold'] },
    { name: 'pages', label: 'Pages of the sign-in', type: 'mapping', help: 'JSON: name, accent and scopes.' },
  ],
};
