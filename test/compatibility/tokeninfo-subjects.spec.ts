import { FastHasher } from '../provisioning/fast-hasher.js';
import type { Answer } from '../support/exchange.js';
import { TestApp } from '../support/app.js';
import { client, configuration, type RealmFields } from '../support/configuration.js';
import {
  askAxway,
  askForgeRock,
  axwayRefusals,
  deadIn,
  ofClient,
  ok,
  storeToken,
} from '../support/tokeninfo.js';

const { unknown, withdrawn } = axwayRefusals;
const user = { username: 'ann', password: 'ann-password' };
const realm = { clients: [client()], users: [user] };

const everything = configuration({ '/alpha': realm, '/beta': realm });

/** A file that names only what a test changes: the rest stays as it is. */
const alpha = (fields: RealmFields) => configuration({ '/alpha': fields });
const absent = alpha({ state: 'absent' });

const withClient = (fields: Parameters<typeof client>[0]) => alpha({ clients: [client(fields)] });
const withUser = (fields: object) => alpha({ users: [{ username: 'ann', ...fields }] });

/** Changes of a subject, each with the files that make it, and the answer of Axway's flavour afterwards. */
const ends: readonly (readonly [what: string, files: readonly string[], axway: Answer])[] = [
  ['a disabled client', [withClient({ enabled: false })], withdrawn],
  ['a client disabled and enabled again', [withClient({ enabled: false }), withClient({})], unknown],
  ['a deleted client', [withClient({ state: 'absent' })], withdrawn],
  ['a client deleted and created again', [withClient({ state: 'absent' }), withClient({})], unknown],
  [
    'a client with another secret',
    [withClient({ client_secret_hash: undefined, client_secret: 'x' })],
    unknown,
  ],
  ['a disabled realm', [alpha({ enabled: false })], withdrawn],
  ['a realm disabled and enabled again', [alpha({ enabled: false }), alpha({})], unknown],
  ['a deleted realm', [absent], withdrawn],
  ['a realm deleted and created again', [absent, alpha(realm)], unknown],
];

const userEnds: typeof ends = [
  ['a disabled user', [withUser({ enabled: false })], withdrawn],
  ['a user disabled and enabled again', [withUser({ enabled: false }), withUser({})], unknown],
  ['a deleted user', [withUser({ state: 'absent' })], withdrawn],
  ['a user deleted and created again', [withUser({ state: 'absent' }), alpha({ users: [user] })], unknown],
  ['a user with another password', [withUser({ password: 'another' })], unknown],
];

describe('tokens whose subjects change', () => {
  let app: TestApp;
  let count = 0;

  beforeAll(async () => {
    app = await TestApp.start({ hasher: new FastHasher(), configuration: everything });
  });
  afterAll(() => app.stop());
  beforeEach(() => app.apply(everything));

  /** Stores a token of the user and one of the client, and one of another realm's user of the same name. */
  async function store(): Promise<{ ofUser: string; ofClient: string; elsewhere: string }> {
    const tokens = {
      ofUser: `user-${++count}`,
      ofClient: `client-${count}`,
      elsewhere: `elsewhere-${count}`,
    };
    await storeToken(app, tokens.ofUser, { realm: '/alpha' });
    await storeToken(app, tokens.ofClient, { realm: '/alpha', ...ofClient });
    await storeToken(app, tokens.elsewhere, { realm: '/beta' });
    return tokens;
  }

  const axway = (token: string) => askAxway(app, `access_token=${token}`);
  const statuses = async (token: string) => [
    (await axway(token)).status,
    (await askForgeRock(app, token)).status,
  ];

  it.each([...ends, ...userEnds])('are ended by %s', async (_what, files, expected) => {
    const tokens = await store();
    expect(await statuses(tokens.ofUser)).toEqual([200, 200]);
    for (const file of files) await app.apply(file);
    expect(await axway(tokens.ofUser)).toEqual(expected);
    expect(await askForgeRock(app, tokens.ofUser)).toEqual(deadIn('/'));
    expect(await statuses(tokens.elsewhere)).toEqual([200, 200]);
  });

  it.each(ends)('without a user are ended by %s', async (_what, files, expected) => {
    const tokens = await store();
    expect(await statuses(tokens.ofClient)).toEqual([200, 200]);
    for (const file of files) await app.apply(file);
    expect(await axway(tokens.ofClient)).toEqual(expected);
    expect(await askForgeRock(app, tokens.ofClient)).toEqual(deadIn('/'));
  });

  it.each(userEnds)('without a user stay active after %s', async (_what, files) => {
    const tokens = await store();
    for (const file of files) await app.apply(file);
    expect(await statuses(tokens.ofClient)).toEqual([200, 200]);
  });

  it.each([
    [
      'a client’s scopes, name and lifetime',
      withClient({ scopes: ['x'], default_scopes: [], client_name: 'X' }),
    ],
    ['a user’s attributes', withUser({ attributes: { read: 'now' } })],
    ['a realm’s auth_level', alpha({ auth_level: 9 })],
    ['nothing', everything],
  ])('stay active when a file changes %s', async (_what, file) => {
    const tokens = await store();
    await app.apply(file);
    expect(await statuses(tokens.ofUser)).toEqual([200, 200]);
    expect(await statuses(tokens.ofClient)).toEqual([200, 200]);
  });

  it('are active when they were issued after the change', async () => {
    await app.apply(withUser({ password: 'another' }));
    const { ofUser } = await store();
    const body = '{"audience":"app","user_id":"ann","scope":"read","expires_in":3600}';
    expect(await axway(ofUser)).toEqual(ok(body));
  });

  it('are answered 404 when the path names a deleted realm', async () => {
    const { ofUser } = await store();
    await app.apply(absent);
    expect((await askForgeRock(app, ofUser, '/oauth2/alpha/tokeninfo')).status).toBe(404);
  });

  it('are inactive when the path names a disabled realm', async () => {
    const { ofUser } = await store();
    await app.apply(alpha({ enabled: false }));
    expect(await askForgeRock(app, ofUser, '/oauth2/alpha/tokeninfo')).toEqual(deadIn('/alpha'));
  });
});
