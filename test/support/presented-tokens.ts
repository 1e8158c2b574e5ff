import { AccessTokenStore, hashToken } from '../../src/domain/access-token.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import type { TestApp } from './app.js';
import { client, configuration } from './configuration.js';
import { ofClient, storeToken } from './tokeninfo.js';
import { byClient } from './audit.js';

const scopes = ['read', 'write', 'mail', 'motto', '12', '__proto__'];
const ann = {
  username: 'ann',
  password: 'ann-password',
  attributes: new Map<string, string | string[]>([
    ['mail', ['ann@example.org', 'a@example.org']],
    ['motto', 'Grüße, "\\" und 🍵\u2028'],
  ]),
};

/** The realms of the tokens. Some of their subjects are later disabled or removed. */
function realms(later: { enabled?: boolean; state?: 'present' | 'absent' }): string {
  return configuration({
    '/': {
      auth_level: 3,
      users: [ann, { username: 'bob', password: 'bob-password', ...later }],
      clients: [
        client({ scopes }),
        client({ client_id: 'disabled', enabled: later.enabled }),
        client({ client_id: 'removed', state: later.state }),
      ],
    },
    '/alpha': { users: [ann], clients: [client({ scopes })] },
    '/alpha/beta': { users: [ann], clients: [client({ scopes })] },
    '/off': { users: [ann], clients: [client({ scopes })], enabled: later.enabled },
  });
}

/** The configuration to start the application with. */
export const subjects = realms({});

/** Token values of other servers, with characters that need care in a request. */
const foreign = [
  'plain.token~of-old/times',
  'padded==',
  'plus+and/slash=',
  'plus and/slash=',
  'tabbed\tvalue',
  'tö"ken',
];

/**
 * Stores active, expired, revoked and withdrawn tokens. Returns their values and some forged ones; active
 * tokens come first and more often.
 */
export async function presentedTokens(app: TestApp): Promise<readonly string[]> {
  const form = app.nest.get(TokenCodec);
  const stored = async (fields: Parameters<typeof storeToken>[2], value = form.mint('sya_')) => {
    await storeToken(app, value, fields);
    return value;
  };
  const live = [
    await stored({ scope: scopes }),
    await stored({ ...ofClient }),
    await stored({ realm: '/alpha', scope: ['mail'] }),
    await stored({ realm: '/alpha/beta', scope: [] }),
  ];
  for (const value of foreign) await stored({ scope: ['read', 'mail'] }, value);
  const expired = await stored({ expiresAt: app.clock.now() });
  const revoked = await stored({});
  await app.nest.get(AccessTokenStore).revoke(hashToken(revoked), byClient);
  const withdrawn = [
    await stored({ clientId: 'disabled' }),
    await stored({ clientId: 'removed' }),
    await stored({ username: 'bob' }),
    await stored({ realm: '/off' }),
  ];
  await app.apply(realms({ enabled: false, state: 'absent' }));
  const forged = [
    form.mint('sya_'),
    `${live[0].slice(0, -1)}~`,
    `sya_${'x'.repeat(54)}`,
    form.mint('syr_'),
    'x',
  ];
  return [...live, ...live, ...live, ...foreign, expired, revoked, ...withdrawn, ...forged];
}
