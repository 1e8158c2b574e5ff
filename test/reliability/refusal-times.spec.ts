import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { appCredentials, client, configuration, type RealmFields } from '../support/configuration.js';
import { embeddedFolder, temporaryFolder } from '../support/database.js';
import { django, ssha } from '../support/foreign-hashes.js';
import { ServerProcess } from '../support/server-process.js';
import { formType } from '../support/token-endpoint.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The most by which the medians may differ, in milliseconds. */
const mostMs = 5;
const rounds = Number(process.env.TEST_ROUNDS ?? 50);
const password = 'right';

const foreignArgon2 = await argon2(password, {
  algorithm: 2,
  memoryCost: 65_536,
  timeCost: 3,
  parallelism: 4,
});
const weakArgon2 = await argon2(password, { algorithm: 2, memoryCost: 4096, timeCost: 1, parallelism: 1 });

/** The hashes of each realm's users, by their names. */
const classes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/bcrypt-10': { bcrypt: await bcrypt(password, 10) },
  '/bcrypt-12': { bcrypt: await bcrypt(password, 12) },
  '/pbkdf2': { django: django(password, 600_000) },
  '/argon2id': { stronger: foreignArgon2, weaker: weakArgon2 },
  '/wrapped': { ssha: ssha(password), pbkdf2: django(password, 9_999) },
  '/mixed': {
    bcrypt: await bcrypt(password, 10),
    django: django(password, 150_000),
    ssha: ssha(password),
    weaker: weakArgon2,
  },
};

let server: ServerProcess;

beforeAll(async () => {
  const realms = Object.entries(classes).map(([name, hashes]): [string, RealmFields] => [
    name,
    {
      clients: [
        client(),
        ...Object.entries(hashes).map(([id, hash]) => client({ client_id: id, client_secret_hash: hash })),
      ],
      users: [
        ...Object.entries(hashes).map(([username, hash]) => ({ username, password_hash: hash })),
        { username: 'disabled', password, enabled: false },
        { username: 'own', password },
      ],
    },
  ]);
  const file = join(await temporaryFolder(), 'symbolon.yaml');
  await writeFile(file, configuration(Object.fromEntries(realms)));
  server = await ServerProcess.start({
    // Each name is refused more often than it may be.
    LOGIN_THROTTLE: 'off',
    DATA_DIR: await embeddedFolder(),
    CONFIG_FILE: file,
    ACCESS_LOG: 'off',
  });
});
afterAll(() => ServerProcess.endAll());

const agent = new Agent({ keepAlive: true });

/** How long the refusal of a form takes, in milliseconds. */
async function refusalMs(realm: string, form: Readonly<Record<string, string>>): Promise<number> {
  const body = new URLSearchParams(form).toString();
  const begun = performance.now();
  const headers = { 'content-type': formType };
  const path = `/oauth2${realm}/access_token`;
  const outgoing = request({ host: '127.0.0.1', port: server.port, agent, method: 'POST', path, headers });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  incoming.resume();
  await once(incoming, 'end');
  expect([400, 401]).toContain(incoming.statusCode);
  return performance.now() - begun;
}

/** The median time of each name's refusals, which are asked for in turns. */
async function medians(names: readonly string[], refuse: (name: string) => Promise<number>) {
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) times.get(name)!.push(await refuse(name));
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)] * 10) / 10;
}

describe.each(Object.entries(classes))('in the realm %s', (realm, hashes) => {
  it('users cannot be told from unknown ones by the time of a refusal', async () => {
    const names = ['unknown', ...Object.keys(hashes), 'own', 'disabled'];
    const found = await medians(names, (username) =>
      refusalMs(realm, { grant_type: 'password', username, password: 'wrong', ...appCredentials }),
    );
    report(realm, 'users', found);
  }, 600_000);

  it('clients cannot be told from unknown ones by the time of a refusal', async () => {
    const found = await medians(['unknown', ...Object.keys(hashes), 'app'], (client_id) =>
      refusalMs(realm, { grant_type: 'client_credentials', client_id, client_secret: 'wrong' }),
    );
    report(realm, 'clients', found);
  }, 600_000);
});

/** Prints the medians, and compares them. */
function report(realm: string, kind: string, found: Readonly<Record<string, number>>): void {
  process.stdout.write(`${realm} ${kind}: ${JSON.stringify(found)} ms, medians of ${rounds}\n`);
  for (const ms of Object.values(found)) expect(Math.abs(ms - found.unknown)).toBeLessThanOrEqual(mostMs);
}
