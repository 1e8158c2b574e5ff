import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { client, configuration, type RealmFields } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { type Granted, isDead, Nodes, tokenInfo } from '../support/nodes.js';
import { ServerProcess } from '../support/server-process.js';

/** How long a node may answer by what it knew before, in milliseconds. */
const boundMs = 5_000;

const password = 'a password';
const machine = { grant_type: 'client_credentials' };
const ann = { grant_type: 'password', username: 'ann', password, scope: 'mail' };
const app = client({ scopes: ['read', 'mail'] });

/** The user ann, with this address. */
function annAt(mail: string): RealmFields {
  return { users: [{ username: 'ann', password, attributes: new Map([['mail', mail]]) }] };
}

/** A subject by number, as the file says it. */
type Subject = (number: number, fields?: object) => Readonly<Record<string, RealmFields>>;

const aClient: Subject = (number, fields) => ({
  '/': { clients: [client({ client_id: `app-${number}`, ...fields })] },
});
const aUser: Subject = (number, fields) => ({
  '/': { users: [{ username: `user-${number}`, password, ...fields }] },
});
const aRealm: Subject = (number, fields) => ({ [`/realm-${number}`]: { clients: [app], ...fields } });

/** Subjects of which something changes that ends their tokens. */
const ends: readonly (readonly [name: string, subject: Subject, change: object])[] = [
  ['a client with another secret', aClient, { client_secret_hash: hashGeneratedSecret('another') }],
  ['a client that was disabled', aClient, { enabled: false }],
  ['a client that was removed', aClient, { state: 'absent' }],
  ['a user with another password', aUser, { password: 'another' }],
  ['a user who was disabled', aUser, { enabled: false }],
  ['a user who was removed', aUser, { state: 'absent' }],
  ['a realm that was disabled', aRealm, { enabled: false }],
  ['a realm that was removed', aRealm, { clients: [], state: 'absent' }],
];

/** One file of several parts. */
function merged(parts: readonly Readonly<Record<string, RealmFields>>[]): string {
  const realms: Record<string, RealmFields> = {};
  for (const [name, fields] of parts.flatMap((part) => Object.entries(part))) {
    const { clients = [], users = [] } = realms[name] ?? {};
    realms[name] = {
      ...fields,
      clients: [...clients, ...(fields.clients ?? [])],
      users: [...users, ...(fields.users ?? [])],
    };
  }
  return configuration(realms);
}

const before = merged([
  { '/': { clients: [app], ...annAt('old@example.com') } },
  ...ends.map(([, subject], number) => subject(number)),
]);

/** Does the work for each item, some at a time. */
async function forAll<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Resolves when it is so, which is a matter of milliseconds and must not take longer than the bound. */
async function soon(isSo: () => Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await isSo())) expect(performance.now() - from).toBeLessThan(boundMs);
}

(onServer ? describe : describe.skip)('three nodes on one database', () => {
  let database: TestDatabase;
  let nodes: Nodes;

  beforeAll(async () => {
    database = await createDatabase();
    nodes = await Nodes.on({ ...database.settings, REFRESH_LEEWAY: '0', ACCESS_LOG: 'off' });
    await nodes.apply(before);
    // Nodes that know of such a token look every value up, whatever its form.
    await nodes.import(foreign('first'));
    await nodes.start(3, before);
    await nodes.listening();
  });
  afterAll(async () => {
    await ServerProcess.endAll();
    await database.drop();
  });

  /** A line of an import. */
  function foreign(token: string): object {
    return { token, client_id: 'app', scope: 'read', expires_at: '2090-01-01T00:00:00Z' };
  }

  function onEach(work: (node: ServerProcess) => Promise<unknown>): Promise<unknown> {
    return Promise.all(nodes.servers.map(work));
  }

  /** Has every node make itself a copy of a token. */
  async function copied(token: string): Promise<void> {
    await onEach(async (node) => expect(await tokenInfo(node, token)).toMatchObject({ status: 200 }));
  }

  it('end a thousand tokens at once on the node that revokes them, and soon on the others', async () => {
    const [node, ...others] = nodes.servers;
    const tokens: string[] = [];
    await forAll(Array(1000).fill(machine), async (form: typeof machine) => {
      tokens.push((await nodes.grant(node, form)).access);
    });
    await forAll(tokens, copied);
    await forAll(tokens, async (token) => {
      await nodes.revoke(node, token);
      expect(await isDead(node, token)).toBe(true);
      await Promise.all(others.map((other) => soon(() => isDead(other, token))));
    });
  });

  describe('end a family’s access tokens', () => {
    it.each<[string, (node: ServerProcess, granted: Granted) => Promise<void>]>([
      ['that was revoked', (node, { refresh }) => nodes.revoke(node, refresh)],
      [
        'whose refresh token was reused',
        async (node, { refresh }) => {
          const form = { grant_type: 'refresh_token', refresh_token: refresh };
          const { access } = await nodes.grant(node, form);
          await copied(access);
          await expect(nodes.grant(node, form)).rejects.toThrow();
          await onEach((other) => soon(() => isDead(other, access)));
        },
      ],
    ])('%s', async (_, end) => {
      const [node] = nodes.servers;
      const granted = await nodes.grant(node, ann);
      await copied(granted.access);
      await end(node, granted);
      expect(await isDead(node, granted.access)).toBe(true);
      await onEach((other) => soon(() => isDead(other, granted.access)));
    });
  });

  // A change of a realm lets go of its clients and users as well, so it has a file of its own.
  describe.each([
    ['clients and users', [aClient, aUser]],
    ['realms', [aRealm]],
  ])('end the tokens of %s that another process changes:', (_, subjects) => {
    const numbers = [...ends.keys()].filter((number) => subjects.includes(ends[number][1]));
    const tokens = new Map<number, string>();

    beforeAll(async () => {
      for (const number of numbers) {
        const [form, realm] = formOf(number);
        tokens.set(number, (await nodes.grant(nodes.servers[number % 3], form, realm)).access);
      }
      await forAll([...tokens.values()], copied);
      await nodes.apply(merged(numbers.map((number) => ends[number][1](number, ends[number][2]))));
    });

    it.each(numbers.map((number) => [ends[number][0], number] as const))('%s', async (_name, number) => {
      const token = tokens.get(number) ?? '';
      await onEach((node) => soon(() => isDead(node, token)));
    });
  });

  /** What asks for a token of a subject, and in which realm. */
  function formOf(number: number): [form: Readonly<Record<string, string>>, realm: string] {
    const [, subject] = ends[number];
    if (subject === aUser) return [{ ...ann, username: `user-${number}`, scope: 'read' }, ''];
    return subject === aClient
      ? [{ ...machine, client_id: `app-${number}` }, '']
      : [machine, `/realm-${number}`];
  }

  it('show an attribute as it is', async () => {
    const { access } = await nodes.grant(nodes.servers[0], ann);
    const shows = async (node: ServerProcess, mail: string) =>
      (await tokenInfo(node, access)).body.mail === mail;
    await onEach(async (node) => expect(await shows(node, 'old@example.com')).toBe(true));
    await nodes.apply(configuration({ '/': annAt('new@example.com') }));
    await onEach((node) => soon(() => shows(node, 'new@example.com')));
  });

  it('find a token that was imported after they were asked for it', async () => {
    const { access } = await nodes.grant(nodes.servers[0], machine);
    await copied(access);
    await onEach(async (node) => expect(await isDead(node, 'second')).toBe(true));
    await nodes.import(foreign('second'));
    // Changes come in their order: who has heard of this one has heard of the import.
    await nodes.revoke(nodes.servers[0], access);
    await onEach(async (node) => {
      await soon(() => isDead(node, access));
      expect(await tokenInfo(node, 'second')).toMatchObject({ status: 200 });
    });
  });
});
