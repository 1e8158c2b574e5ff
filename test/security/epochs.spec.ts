import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration, type RealmFields } from '../support/configuration.js';
import type { Answer } from '../support/exchange.js';
import { InterruptedHasher } from '../support/interrupted-hasher.js';
import { storedTokens } from '../support/stored-tokens.js';
import { basic, failedClient, type Form, members, postForm, refusal } from '../support/token-endpoint.js';
import { askForgeRock, axwayRefusals, deadIn, noRealm, ok, postAxway } from '../support/tokeninfo.js';

const { unknown, expired, withdrawn } = axwayRefusals;
const invalidGrant = refusal('invalid_grant', 'The refresh token is invalid.');
const otherHash = hashGeneratedSecret('other-secret');
const [accessLifetime, refreshLifetime] = [60, 120];

const ann = { username: 'ann', password: 'ann-password' };
const lifetimes = { access_token_lifetime: accessLifetime, refresh_token_lifetime: refreshLifetime };
const appClient = client({ ...lifetimes, introspect: 'realm' });
/** What a realm of a test's own begins with. */
const whole: RealmFields = {
  clients: [appClient, client({ client_id: 'other' })],
  users: [ann, { username: 'bob', password: 'bob-password' }],
};

const hasher = new InterruptedHasher();
let app: TestApp;
let realms = 0;
/** The realm of the test. */
let realm: string;

beforeAll(async () => {
  const watcher = client({ client_id: 'watcher', introspect: 'all' });
  app = await TestApp.start({ hasher, configuration: configuration({ '/': { clients: [watcher] } }) });
});
beforeEach(async () => {
  realm = `/r${++realms}`;
  await app.apply(configuration({ [realm]: whole, [`${realm}/below`]: whole }));
});
afterAll(() => app.stop());

function asked(form: Form, at = realm): Promise<Answer> {
  return postForm(app, `/oauth2${at}/access_token`, form);
}

interface Pair {
  readonly access: string;
  readonly refresh: string;
}

/** The tokens of a login. */
async function login(form: Readonly<Record<string, string>> = {}, at = realm): Promise<Pair> {
  const answer = await asked({ grant_type: 'password', ...ann, ...appCredentials, ...form }, at);
  const { access_token: access, refresh_token: refresh } = members(answer);
  return { access, refresh };
}

/** What every endpoint says of a pair. */
async function said({ access, refresh }: Pair, secret = 'app-secret') {
  const watcher = basic('watcher:app-secret');
  const form = {
    grant_type: 'refresh_token',
    refresh_token: refresh,
    client_id: 'app',
    client_secret: secret,
  };
  return {
    axway: await postAxway(app, `access_token=${access}`),
    forgeRock: await askForgeRock(app, access),
    introspection: await postForm(app, '/oauth2/introspect', { token: access }, watcher),
    refresh: await asked(form),
  };
}

/** What they say of one that is dead, in the words of each. */
function dead(axway: Answer, refresh: Answer) {
  return { axway, forgeRock: deadIn('/'), introspection: ok('{"active":false}'), refresh };
}

async function isLive(access: string): Promise<boolean> {
  return (await postAxway(app, `access_token=${access}`)).status === 200;
}

/** A change of a subject: what the file then says of the realm, and what is answered. */
interface Change {
  readonly of: 'user' | 'client' | 'realm';
  readonly to: RealmFields;
  readonly axway: Answer;
  readonly refresh: () => Answer;
}

const user = (fields: object) => ({ users: [{ ...ann, ...fields }] });
const appTo = (fields: object) => ({ clients: [{ ...appClient, ...fields }] });

const changes: Readonly<Record<string, Change>> = {
  'user disabled': {
    of: 'user',
    to: user({ enabled: false }),
    axway: withdrawn,
    refresh: () => invalidGrant,
  },
  'user deleted': {
    of: 'user',
    to: user({ state: 'absent' }),
    axway: withdrawn,
    refresh: () => invalidGrant,
  },
  'password changed': {
    of: 'user',
    to: user({ password: 'x' }),
    axway: unknown,
    refresh: () => invalidGrant,
  },
  'client disabled': {
    of: 'client',
    to: appTo({ enabled: false }),
    axway: withdrawn,
    refresh: () => failedClient(realm),
  },
  'client deleted': {
    of: 'client',
    to: appTo({ state: 'absent' }),
    axway: withdrawn,
    refresh: () => failedClient(realm),
  },
  'secret changed': {
    of: 'client',
    to: appTo({ client_secret_hash: otherHash }),
    axway: unknown,
    refresh: () => failedClient(realm),
  },
  'realm disabled': {
    of: 'realm',
    to: { enabled: false },
    axway: withdrawn,
    refresh: () => failedClient(realm),
  },
  'realm deleted': { of: 'realm', to: { state: 'absent' }, axway: withdrawn, refresh: () => noRealm },
};

/** Other ends of a token. */
const ends: Readonly<Record<string, { end: (pair: Pair) => Promise<unknown>; axway: Answer }>> = {
  'family revoked': { end: ({ refresh }) => revoke(refresh), axway: unknown },
  expired: { end: async () => app.clock.advance(refreshLifetime * 1000), axway: expired },
};

function revoke(token: string): Promise<Answer> {
  return postForm(app, `/oauth2${realm}/token/revoke`, { token, ...appCredentials });
}

const live = { axway: 200, forgeRock: 200, introspection: 200, refresh: 200 };
const statuses = (answers: Record<string, Answer>) =>
  Object.fromEntries(Object.entries(answers).map(([endpoint, { status }]) => [endpoint, status]));

it('a token is live on every endpoint until something ends it', async () => {
  const answers = await said(await login());
  expect(statuses(answers)).toEqual(live);
  expect(members(answers.introspection)).toMatchObject({ active: true });
});

describe.each(Object.entries(changes))('%s', (_name, { of, to, axway, refresh }) => {
  const change = () => app.apply(configuration({ [realm]: to }));

  it('ends every token on every endpoint, and touches no row', async () => {
    const pairs = [await login(), await login({ scope: 'write' })];
    const before = await storedTokens(app);
    await change();
    expect(await storedTokens(app)).toEqual(before);
    for (const pair of pairs) expect(await said(pair)).toEqual(dead(axway, refresh()));
    expect(await storedTokens(app)).toEqual(before);
  });

  it('ends what came of a refresh', async () => {
    const { refresh: first } = await login();
    const form = { grant_type: 'refresh_token', refresh_token: first, ...appCredentials };
    const { access_token: access, refresh_token: next } = members(await asked(form));
    await change();
    expect(await said({ access, refresh: next })).toEqual(dead(axway, refresh()));
  });

  it('ends no token of other subjects', async () => {
    const tokens = {
      'another user': await login({ username: 'bob', password: 'bob-password' }),
      'another client': await login({ client_id: 'other' }),
      'another realm': await login({}, `${realm}/below`),
      'the client itself': await login({ grant_type: 'client_credentials' }),
    };
    await change();
    const alive = await Promise.all(
      Object.entries(tokens).map(async ([whose, { access }]) => ((await isLive(access)) ? [whose] : [])),
    );
    const survivors = {
      user: ['another user', 'another client', 'another realm', 'the client itself'],
      client: ['another client', 'another realm'],
      realm: ['another realm'],
    };
    // The user's tokens of every client end with the user.
    const expected = survivors[of].filter((whose) => of !== 'user' || whose !== 'another client');
    expect(alive.flat()).toEqual(expected);
  });

  it('is not undone by what undoes it: its tokens stay dead, and new ones live', async () => {
    const pair = await login();
    await change();
    await app.apply(configuration({ [realm]: whole }));
    expect(await said(pair)).toEqual(dead(unknown, invalidGrant));
    expect(statuses(await said(await login()))).toEqual(live);
  });

  it('ends a token whose password check began before', async () => {
    hasher.interruption = change;
    const pair = await login();
    expect(hasher.interruption).toBeUndefined();
    expect(await said(pair)).toEqual(dead(axway, refresh()));
    await app.apply(configuration({ [realm]: whole }));
    expect(await said(pair)).toEqual(dead(unknown, invalidGrant));
  });
});

describe.each(Object.entries(ends))('%s', (_name, { end, axway }) => {
  it('ends a token on every endpoint', async () => {
    const pair = await login();
    await end(pair);
    expect(await said(pair)).toEqual(dead(axway, invalidGrant));
  });
});

it('a token revoked is dead on every endpoint that is asked about it, and its refresh token lives', async () => {
  const pair = await login();
  expect(await revoke(pair.access)).toEqual(ok('{}'));
  const { refresh, ...others } = await said(pair);
  expect({ ...others, refresh: invalidGrant }).toEqual(dead(unknown, invalidGrant));
  expect(refresh.status).toBe(200);
});

it('an access token expired is dead on every endpoint that is asked about it, and its refresh token lives', async () => {
  const pair = await login();
  app.clock.advance(accessLifetime * 1000);
  const { refresh, ...others } = await said(pair);
  expect({ ...others, refresh: invalidGrant }).toEqual(dead(expired, invalidGrant));
  expect(refresh.status).toBe(200);
});

it('a client whose secret was changed cannot go on with its refresh tokens by the new one', async () => {
  const pair = await login();
  await app.apply(configuration({ [realm]: appTo({ client_secret_hash: otherHash }) }));
  expect(await said(pair, 'other-secret')).toEqual(dead(unknown, invalidGrant));
});

it('a secret changed ends a token whose secret check began before', async () => {
  const human = { client_id: 'human', client_secret_hash: undefined };
  const to = (client_secret: string) =>
    app.apply(configuration({ [realm]: { clients: [client({ ...human, client_secret })] } }));
  await to('before');
  hasher.interruption = () => to('after');
  const form = { grant_type: 'client_credentials', client_id: 'human', client_secret: 'before' };
  const { access_token: token } = members(await asked(form));
  expect(hasher.interruption).toBeUndefined();
  expect(await isLive(token)).toBe(false);
});
