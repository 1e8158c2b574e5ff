import { DataSource } from 'typeorm';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { tokenId } from '../../src/domain/access-token.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { endAfter } from '../../src/domain/token-time.js';
import type { Explanation, Question } from '../../src/domain/explanation.js';
import { ExplainedApp, registry, toldAnswers } from '../support/explained.js';

let explained: ExplainedApp;
beforeAll(async () => {
  explained = await ExplainedApp.start();
});
afterAll(() => explained.app.stop());
// Every test finds the registry as it was, and fresh token keys, whatever the one before has changed.
beforeEach(async () => {
  await explained.app.apply(registry());
  await explained.app.nest.get(TokenCodec).reload();
});

/** Explains a token by its value and by its identifier, and compares the answers with those of the endpoints. */
async function explanationOf(token: string, request: Partial<Question> = {}): Promise<Explanation> {
  const byValue = await explained.explain({ about: { token }, ...request });
  const real = await explained.realAnswers(token, request);
  expect(toldAnswers(byValue.answers)).toEqual(real);
  return byValue;
}

/** Expects the same by the token's identifier; only the beginning of its value is not known then. */
async function expectSameById(byValue: Explanation, token: string, request: Partial<Question> = {}) {
  const byId = await explained.explain({ about: { id: tokenId(token) }, ...request });
  const answers: unknown = JSON.parse(
    JSON.stringify(byValue.answers).replaceAll(`${token.slice(0, 8)}…`, '…'),
  );
  expect(JSON.parse(JSON.stringify(byId))).toEqual(
    JSON.parse(
      JSON.stringify({ ...byValue, answers, token: byValue.token && { ...byValue.token, start: undefined } }),
    ),
  );
}

const at = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
const now = () => explained.app.clock.now();
const file = { kind: 'file', name: 'test.yaml' };

it('explains an active token, and what each dialect answers about it', async () => {
  const { access } = await explained.login();
  const issuedAt = now();
  explained.app.clock.advance(10_000);
  const explanation = await explanationOf(access);
  expect(explanation).toMatchObject({
    verdict: 'active',
    sentences: [`The token is active; it expires in 50 seconds, at ${at(issuedAt + 60_000)}.`],
    id: tokenId(access),
    token: {
      ...{ start: access.slice(0, 8), kind: 'access', realm: '/alpha', clientId: 'app', username: 'ann' },
      ...{ scope: ['read'], grantType: 'password', issuedAt, expiresAt: issuedAt + 60_000 },
      family: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
    nodeAgrees: true,
  });
  expect(explanation).toMatchObject({ reason: undefined, since: undefined, by: undefined, hint: undefined });
  const { realm, client, user } = explanation.token!.epochs;
  for (const epoch of [realm, client, user]) expect(epoch?.now).toBe(epoch?.then);
  await expectSameById(explanation, access);
});

it("explains a client's own token, which has no user", async () => {
  const explanation = await explanationOf(await explained.machine());
  expect(explanation.token).toMatchObject({ grantType: 'client_credentials', username: undefined });
  expect(explanation.token!.epochs.user).toBeUndefined();
});

it('explains an expired token', async () => {
  const { access } = await explained.login();
  const expiresAt = now() + 60_000;
  explained.app.clock.advance(60_000 + 12 * 60_000);
  const explanation = await explanationOf(access);
  expect(explanation).toMatchObject({
    ...{ verdict: 'inactive', reason: 'expired', since: expiresAt, by: undefined, nodeAgrees: true },
    sentences: [`The token expired 12 minutes ago, at ${at(expiresAt)}.`],
    hint: expect.stringContaining('access_token_lifetime'),
  });
  await expectSameById(explanation, access);
});

it('explains a token in its last second, which resource servers are told to be active', async () => {
  const { access } = await explained.login();
  const expiresAt = endAfter(now(), 60);
  explained.app.clock.advance(expiresAt - now() - 1);
  expect(await explanationOf(access)).toMatchObject({
    verdict: 'active',
    sentences: [`The token is active; it expires in 1 second, at ${at(expiresAt)}.`],
  });
  explained.app.clock.advance(1);
  expect(await explanationOf(access)).toMatchObject({ reason: 'expired', since: now() });
});

describe('a subject', () => {
  const cases: readonly [
    string,
    {
      change: Parameters<typeof registry>[0];
      back?: boolean;
      reason: string;
      action: string;
      sentence: string;
    },
  ][] = [
    [
      'a disabled realm',
      {
        change: { realm: { enabled: false } },
        reason: 'realm_disabled',
        action: 'realm.disabled',
        sentence: 'The realm /alpha was disabled at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a disabled client',
      {
        change: { app: { enabled: false } },
        reason: 'client_disabled',
        action: 'client.disabled',
        sentence: 'The client app was disabled at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a disabled user',
      {
        change: { ann: { enabled: false } },
        reason: 'user_disabled',
        action: 'user.disabled',
        sentence: 'The user ann was disabled at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a deleted realm',
      {
        change: { realm: { state: 'absent' } },
        reason: 'realm_gone',
        action: 'realm.deleted',
        sentence: 'The realm /alpha was deleted at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a deleted client',
      {
        change: { app: { state: 'absent' } },
        reason: 'client_gone',
        action: 'client.deleted',
        sentence: 'The client app was deleted at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a deleted user',
      {
        change: { ann: { state: 'absent' } },
        reason: 'user_gone',
        action: 'user.deleted',
        sentence: 'The user ann was deleted at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a realm that was disabled for a while',
      {
        change: { realm: { enabled: false } },
        back: true,
        reason: 'realm_ended',
        action: 'realm.disabled',
        sentence:
          'It was ended when the realm /alpha was disabled at AT by the configuration file test.yaml; enabling it again does not undo that.',
      },
    ],
    [
      'a client that was disabled for a while',
      {
        change: { app: { enabled: false } },
        back: true,
        reason: 'client_ended',
        action: 'client.disabled',
        sentence:
          'It was ended when the client app was disabled at AT by the configuration file test.yaml; enabling it again does not undo that.',
      },
    ],
    [
      'a new secret',
      {
        change: { app: { client_secret_hash: hashGeneratedSecret('new-secret') } },
        reason: 'client_ended',
        action: 'client.secret_added',
        sentence: 'It was ended by a new secret of the client app at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a new password',
      {
        change: { ann: { password: 'new-password' } },
        reason: 'user_ended',
        action: 'user.password_changed',
        sentence: 'It was ended by a new password of the user ann at AT by the configuration file test.yaml.',
      },
    ],
    [
      'a user who was made again',
      {
        change: { ann: { state: 'absent' } },
        back: true,
        reason: 'user_ended',
        action: 'user.created',
        sentence: 'The user ann was deleted, and made again at AT by the configuration file test.yaml.',
      },
    ],
  ];

  it.each(cases)(
    'explains a token that was ended by %s',
    async (_name, { change, back, reason, action, sentence }) => {
      const { access } = await explained.login();
      explained.app.clock.advance(5000);
      await explained.app.apply(registry(change));
      let since = now();
      if (back) {
        explained.app.clock.advance(5000);
        await explained.app.apply(registry());
        if (action.endsWith('created')) since = now();
      }
      explained.app.clock.advance(5000);
      const explanation = await explanationOf(access);
      expect(explanation).toMatchObject({
        ...{ verdict: 'inactive', reason, since, by: { ...file, action }, nodeAgrees: true },
        sentences: [sentence.replace('AT', at(since))],
        hint: expect.stringMatching(/\w/),
      });
      await expectSameById(explanation, access);
    },
  );
});

it('explains a token that its client revoked', async () => {
  const { access } = await explained.login();
  explained.app.clock.advance(1000);
  await explained.revoke(access);
  const since = now();
  explained.app.clock.advance(1000);
  const explanation = await explanationOf(access);
  expect(explanation).toMatchObject({
    ...{ reason: 'revoked', since, by: { kind: 'client', name: 'app' }, nodeAgrees: true },
    sentences: [`It was revoked at ${at(since)} by its client.`],
  });
  await expectSameById(explanation, access);
});

it('explains a token whose family its client revoked', async () => {
  const { access, refresh } = await explained.login();
  await explained.revoke(refresh);
  const explanation = await explanationOf(access);
  expect(explanation).toMatchObject({
    ...{ reason: 'revoked', since: now(), by: { kind: 'client', name: 'app' } },
    sentences: [`It was revoked at ${at(now())} together with its family by its client.`],
  });
  await expectSameById(explanation, access);
});

it('explains a token whose family was revoked because a refresh token was used twice', async () => {
  const { access, refresh } = await explained.login();
  await explained.refresh(refresh);
  explained.app.clock.advance(60_000);
  await explained.refresh(refresh);
  const since = now();
  const sentence = `It was revoked at ${at(since)} together with its family: a refresh token or code that had been used was presented again.`;
  expect(await explanationOf(access)).toMatchObject({
    ...{ reason: 'revoked', since, by: { kind: 'reuse' }, sentences: [sentence] },
  });
  const ofRefresh = await explanationOf(refresh);
  expect(ofRefresh).toMatchObject({
    ...{ reason: 'refresh_token', since, by: { kind: 'reuse' } },
    sentences: [expect.stringContaining(ofRefresh.token!.family!), sentence],
  });
  await expectSameById(ofRefresh, refresh);
});

it('explains an unused refresh token, a used one, and an expired one', async () => {
  const { refresh } = await explained.login();
  const expiresAt = endAfter(now(), 120);
  const unused = await explanationOf(refresh);
  expect(unused).toMatchObject({
    ...{ verdict: 'inactive', reason: 'refresh_token', since: undefined, nodeAgrees: undefined },
    token: { kind: 'refresh', start: refresh.slice(0, 8), username: 'ann', expiresAt, grantType: undefined },
    sentences: [
      `It is a refresh token of the family ${unused.token!.family}: resource servers take access tokens only.`,
      `The client can use it at the token endpoint until ${at(expiresAt)}.`,
    ],
  });
  await expectSameById(unused, refresh);
  await explained.refresh(refresh);
  const usedAt = now();
  expect(await explanationOf(refresh)).toMatchObject({
    token: { usedAt },
    sentences: [expect.anything(), `It was used at ${at(usedAt)}, and gives no further tokens.`],
  });
  explained.app.clock.advance(120_000);
  expect(await explanationOf(refresh)).toMatchObject({ reason: 'refresh_token', since: expiresAt });
});

it.each([
  ['syc_', 'an authorization code'],
  ['sys_', "a browser's session"],
] as const)('explains a value that begins with %s as that of %s', async (prefix, what) => {
  const value = explained.app.nest.get(TokenCodec).mint(prefix);
  expect(await explanationOf(value)).toMatchObject({
    ...{ verdict: 'inactive', reason: 'not_found', token: undefined, id: tokenId(value) },
    sentences: [`It has the form of ${what}: resource servers take access tokens only.`],
  });
});

it('explains a value that no key of this server tagged', async () => {
  const { access } = await explained.login();
  const forged = `${access.slice(0, -2)}${access.endsWith('AA') ? 'BB' : 'AA'}`;
  expect(await explanationOf(forged)).toMatchObject({
    ...{ verdict: 'inactive', reason: 'forged', token: undefined, id: tokenId(forged) },
    sentences: ['No key of this server made its tag: it was forged, altered, or comes from another server.'],
  });
});

it('explains a token of our form that is not stored', async () => {
  const { access } = await explained.login();
  await explained.app.nest.get(DataSource).query('DELETE FROM access_token');
  // The cache has not looked at it.
  expect(await explanationOf(access)).toMatchObject({
    ...{ reason: 'not_found', token: undefined, nodeAgrees: undefined, id: tokenId(access) },
    sentences: [
      "It has the form of this server's tokens, but was never issued here, or was purged after it had expired.",
    ],
  });
  expect(await explained.explain({ about: { id: tokenId(access) } })).toMatchObject({
    ...{ reason: 'not_found', token: undefined },
    sentences: ['A token with this identifier was never issued here, or was purged after it had expired.'],
  });
});

it('explains a value of a foreign form, of which it shows nothing', async () => {
  const explanation = await explanationOf('hunter2-hunter2');
  expect(explanation).toMatchObject({ reason: 'foreign_form', id: undefined, token: undefined });
  expect(JSON.stringify(explanation)).not.toMatch(/hunter2/);
});

it('leaves the value of no token in an explanation, in the log or in a table', async () => {
  const { access } = await explained.login();
  await explained.explain({ about: { token: access } });
  const database = explained.app.nest.get(DataSource);
  const tables: { name: string }[] = await database.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => database.query<unknown>(`SELECT t::text FROM "${name}" AS t`)),
  );
  const kept = JSON.stringify([rows, explained.app.logged, explained.told]);
  expect(explained.told.length).toBeGreaterThan(20);
  // Of a value the first 8 characters are shown.
  expect(explained.issued.filter((value) => kept.includes(value.slice(9, 30)))).toEqual([]);
});
