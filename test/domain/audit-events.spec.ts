import { auditEventsOf, configurationEvent } from '../../src/domain/audit-events.js';
import type { DirectoryChange } from '../../src/domain/directory-writer.js';
import { aClient, anOwner, aRealm } from '../storage/subjects.js';
import { byTester } from '../support/audit.js';

const epoch = 1;
const client = aClient('/alpha', { secretHash: 'old-canary' });
const stored = { ...client, epoch };
const owner = anOwner('/alpha');

/** The actions of a change, with the members that each says were changed. */
function actionsOf(change: DirectoryChange): [string, string[]][] {
  const events = auditEventsOf(change, byTester);
  return events.map(({ action, changes = {} }) => [action, Object.keys(changes)]);
}

describe('the audit events of a change', () => {
  it.each<[string, DirectoryChange, [string, string[]][]]>([
    ['a removed realm', { effect: 'remove', realm: aRealm({ path: '/alpha' }) }, [['realm.deleted', []]]],
    ['an added user', { effect: 'add', resourceOwner: owner }, [['user.created', []]]],
    [
      'a new scope',
      { effect: 'update', client: { ...client, scopes: ['read', 'write'] }, before: stored },
      [['client.updated', ['scopes']]],
    ],
    [
      'a realm that folds user names',
      {
        effect: 'update',
        realm: aRealm({ path: '/alpha', usernames: 'fold' }),
        before: { ...aRealm({ path: '/alpha' }), epoch },
      },
      [['realm.updated', ['usernames']]],
    ],
    [
      'a client that may send its credentials twice',
      { effect: 'update', client: { ...client, lenientAuthentication: true }, before: stored },
      [['client.updated', ['lenient_authentication']]],
    ],
    [
      'a disabled client',
      { effect: 'endTokens', client: { ...client, enabled: false }, before: stored },
      [['client.disabled', []]],
    ],
    [
      'an enabled client with another name',
      { effect: 'update', client: { ...client, name: 'New' }, before: { ...stored, enabled: false } },
      [
        ['client.enabled', []],
        ['client.updated', ['client_name']],
      ],
    ],
    [
      'a rotated secret',
      {
        effect: 'update',
        client: { ...client, secretHash: 'new-canary', previousSecret: { hash: 'old-canary', until: 0 } },
        before: stored,
      },
      [['client.secret_added', ['until']]],
    ],
    [
      'a previous secret that ends before its time',
      {
        effect: 'update',
        client,
        before: { ...stored, previousSecret: { hash: 'older-canary', until: 0 } },
      },
      [['client.secret_ended', ['until']]],
    ],
    [
      'another secret',
      { effect: 'endTokens', client: { ...client, secretHash: 'new-canary' }, before: stored },
      [
        ['client.secret_added', []],
        ['client.secret_ended', []],
      ],
    ],
    [
      'a client that turns public',
      { effect: 'endTokens', client: { ...client, type: 'public', secretHash: undefined }, before: stored },
      [
        ['client.secret_ended', []],
        ['client.updated', ['client_type']],
      ],
    ],
    [
      'another password',
      {
        effect: 'endTokens',
        resourceOwner: { ...owner, passwordHash: 'new-canary' },
        before: { ...owner, epoch },
      },
      [['user.password_changed', []]],
    ],
    [
      'other attributes',
      {
        effect: 'update',
        resourceOwner: { ...owner, attributes: new Map([['mail', ['canary']]]) },
        before: { ...owner, epoch },
      },
      [['user.updated', ['attributes']]],
    ],
    ['tokens that end', { effect: 'endTokens', client, before: stored }, [['client.tokens_ended', []]]],
  ])('%s', (_, change, expected) => {
    expect(actionsOf(change)).toEqual(expected);
    expect(JSON.stringify(auditEventsOf(change, byTester))).not.toContain('canary');
  });

  it('say who, when, what, and the old and the new value', () => {
    const change = {
      effect: 'update',
      client: { ...client, accessTokenLifetime: 60 },
      before: stored,
    } as const;
    expect(auditEventsOf(change, byTester)).toEqual([
      {
        ...byTester,
        action: 'client.updated',
        realm: '/alpha',
        name: 'client',
        changes: { access_token_lifetime: { old: 3600, new: 60 } },
      },
    ]);
  });

  it('count the changes of a configuration file; a file that changed nothing has no event', () => {
    const origin = { ...byTester, file: 'symbolon.yaml' };
    const changes: DirectoryChange[] = [
      { effect: 'add', client },
      { effect: 'update', client },
      { effect: 'endTokens', client },
    ];
    expect(configurationEvent(changes, origin)).toEqual({
      ...byTester,
      action: 'configuration.applied',
      changes: { file: 'symbolon.yaml', added: 1, updated: 2, removed: 0 },
    });
    expect(configurationEvent([], origin)).toBeUndefined();
    expect(configurationEvent(changes, byTester)).toBeUndefined();
  });
});
