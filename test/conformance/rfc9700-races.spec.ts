import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { RefreshTokenStore } from '../../src/domain/refresh-token.js';
import { Database } from '../../src/storage/postgres/database.js';
import { NaiveRefreshTokenStore } from '../storage/naive-refresh-token-store.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { patientFetch } from '../support/patient-fetch.js';
import { ServerProcess } from '../support/server-process.js';
import { lifeConfiguration, TokenLife } from '../support/token-life.js';

/** A server: an address to ask. */
interface Node {
  readonly url: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const login = { grant_type: 'password', username: 'ann', password: 'ann-password' };
const rivals = 50;

async function post({ url }: Node, path: string, form: Readonly<Record<string, string>>): Promise<Response> {
  const body = new URLSearchParams({ ...form, ...appCredentials });
  return patientFetch(url + path, { method: 'POST', body });
}

async function tokens(node: Node, form: Readonly<Record<string, string>>): Promise<Tokens> {
  const answer = await post(node, '/oauth2/access_token', form);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

function refresh(node: Node, token: string): Promise<Response> {
  return post(node, '/oauth2/access_token', { grant_type: 'refresh_token', refresh_token: token });
}

/** Many refresh one token at once, the next round what the winner got: the statuses of each round's answers. */
async function refreshAtOnce(nodes: readonly Node[], rounds: number): Promise<Record<number, number>[]> {
  let { refresh_token: token } = await tokens(nodes[0], login);
  const results: Record<number, number>[] = [];
  while (results.length < rounds) {
    const answers = await Promise.all(
      Array.from({ length: rivals }, async (_, index) => {
        const answer = await refresh(nodes[index % nodes.length], token);
        return { status: answer.status, ...((await answer.json()) as Tokens) };
      }),
    );
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    results.push(counts);
    token = answers.find(({ status }) => status === 200)?.refresh_token ?? token;
  }
  return results;
}

/** What every round must come to. */
const oneWinner = { 200: 1, 400: rivals - 1 };

/** Refreshes a token here and revokes it there, at once: the tokens that were ever good, but must not be any more. */
async function refreshAgainstRevoke(here: Node, there: Node): Promise<Tokens[]> {
  const first = await tokens(here, login);
  const [refreshed, revoked] = await Promise.all([
    refresh(here, first.refresh_token),
    post(there, '/oauth2/token/revoke', { token: first.refresh_token }),
  ]);
  const answer = (await refreshed.json()) as Tokens;
  expect([200, 400]).toContain(refreshed.status);
  expect([revoked.status, await revoked.text()]).toEqual([200, '{}']);
  return refreshed.status === 200 ? [first, answer] : [first];
}

async function isLive(node: Node, { access_token, refresh_token }: Tokens): Promise<boolean> {
  const answers = await Promise.all([
    fetch(`${node.url}/api/oauth/tokeninfo?access_token=${access_token}`),
    refresh(node, refresh_token),
  ]);
  await Promise.all(answers.map((answer) => answer.text()));
  return answers.some(({ status }) => status !== 400);
}

(onServer ? describe : describe.skip)('two servers on one database', () => {
  let database: TestDatabase;
  let nodes: ServerProcess[];

  beforeAll(async () => {
    database = await createDatabase();
    const file = join(await temporaryFolder(), 'symbolon.yaml');
    // As cheap as argon2id can be: what is tested here begins behind the login.
    const password_hash = await hash(login.password, { memoryCost: 8, timeCost: 1 });
    await writeFile(
      file,
      configuration({ '/': { clients: [client()], users: [{ username: 'ann', password_hash }] } }),
    );
    const start = () =>
      ServerProcess.start({ ...database.settings, CONFIG_FILE: file, ACCESS_LOG: 'off', HOST: '127.0.0.1' });
    nodes = [await start(), await start()];
  });

  afterAll(async () => {
    await ServerProcess.endAll();
    await database.drop();
  });

  it('RFC 9700 §4.14.2 grants one of 50 refreshes of one token at once, 50 times over', async () => {
    expect(await refreshAtOnce(nodes, 50)).toEqual(Array(50).fill(oneWinner));
  });

  it('RFC 7009 §2 leaves no token alive where a refresh meets the revocation, 300 times over', async () => {
    const lanes = Array.from({ length: 10 }, async (_, lane) => {
      for (let round = 0; round < 30; round += 1) {
        const turned = (lane + round) % 2 === 0;
        const [here, there] = turned ? nodes : [...nodes].reverse();
        for (const pair of await refreshAgainstRevoke(here, there)) {
          expect(await isLive(here, pair)).toBe(false);
        }
      }
    });
    await Promise.all(lanes);
    expect(await leftOfRevokedFamilies(database)).toEqual([]);
  });
});

/** Tokens that outlived their family, as a connection of its own sees them. */
async function leftOfRevokedFamilies({ settings }: TestDatabase): Promise<unknown[]> {
  const connection = new pg.Client({ connectionString: settings.DATABASE_URL });
  await connection.connect();
  try {
    const { rows } = await connection.query(
      `SELECT family FROM access_token JOIN token_family ON id = family
        WHERE token_family.revoked AND NOT access_token.revoked`,
    );
    return rows as unknown[];
  } finally {
    await connection.end();
  }
}

describe('a server that rotates naively', () => {
  it('grants more than one refresh of a token: the race above would tell', async () => {
    const life = await TokenLife.start({ configuration: lifeConfiguration() });
    const naive = new NaiveRefreshTokenStore(life.app.nest.get(Database));
    Object.assign(life.app.nest.get(RefreshTokenStore), { rotate: naive.rotate.bind(naive) });
    expect(await refreshAtOnce([life.app], 3)).not.toEqual(Array(3).fill(oneWinner));
    await life.stop();
  });
});
