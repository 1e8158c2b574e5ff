import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { hashToken } from '../../src/domain/access-token.js';
import { AuthorizationCodeStore } from '../../src/domain/authorization-code.js';
import { SystemClock } from '../../src/domain/clock.js';
import { RefreshTokenStore } from '../../src/domain/refresh-token.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { PostgresCodeRegister } from '../../src/storage/postgres/code-register.js';
import { Database } from '../../src/storage/postgres/database.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { PostgresTokenKeyStore } from '../../src/storage/postgres/token-key-store.js';
import { aCode } from '../storage/authorization-code-store.contract.js';
import { NaiveCodeStore } from '../storage/naive-code-store.js';
import { openDatabase, patientOptions } from '../storage/running-database.js';
import { Authorizing, callback, verifier } from '../support/authorizing.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, temporaryFolder, type TestDatabase } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

/** A server: an address to ask. */
interface Node {
  readonly url: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const rivals = 50;

async function post({ url }: Node, path: string, form: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: new URLSearchParams({ ...form, ...appCredentials }) });
}

/** Redeems a code that has neither a redirect URI nor a challenge. */
function redeem(node: Node, code: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
  return post(node, '/oauth2/access_token', { grant_type: 'authorization_code', code, ...more });
}

/** Many redeem one code at once: the statuses of their answers, and the tokens of the first good one. */
async function redeemAtOnce(
  nodes: readonly Node[],
  code: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ counts: Record<number, number>; tokens?: Tokens }> {
  const answers = await Promise.all(
    Array.from({ length: rivals }, async (_, index) => {
      const answer = await redeem(nodes[index % nodes.length], code, more);
      return { status: answer.status, tokens: (await answer.json()) as Tokens };
    }),
  );
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return { counts, tokens: answers.find(({ status }) => status === 200)?.tokens };
}

/** What every round must come to. */
const oneWinner = { 200: 1, 400: rivals - 1 };

/** Whether an access token is active: in Axway's flavour, in ForgeRock's, at introspection. */
async function active(node: Node, token: string): Promise<boolean[]> {
  const headers = { authorization: `Bearer ${token}` };
  const [axway, forgeRock, rfc7662] = await Promise.all([
    fetch(`${node.url}/api/oauth/tokeninfo?access_token=${token}`),
    fetch(`${node.url}/oauth2/tokeninfo`, { headers }),
    post(node, '/oauth2/introspect', { token }),
  ]);
  const { active: introspected } = (await rfc7662.json()) as { active: boolean };
  await Promise.all([axway.text(), forgeRock.text()]);
  return [axway.status === 200, forgeRock.status === 200, introspected];
}

/** Resolves when another server has been notified; a token that stays active there fails the test by its time limit. */
async function untilDead(node: Node, token: string): Promise<void> {
  while ((await active(node, token)).some((answer) => answer));
}

const alive = [true, true, true];
const dead = [false, false, false];

(onServer ? describe : describe.skip)('two servers on one database', () => {
  let own: TestDatabase;
  let database: Database;
  let nodes: ServerProcess[];
  let codec: TokenCodec;

  beforeAll(async () => {
    own = await createDatabase();
    const file = join(await temporaryFolder(), 'symbolon.yaml');
    const password_hash = await hash('ann-password', { memoryCost: 8, timeCost: 1 });
    const users = [{ username: 'ann', password_hash }];
    await writeFile(file, configuration({ '/': { clients: [client({ pkce: 'optional' })], users } }));
    const start = () =>
      ServerProcess.start({ ...own.settings, CONFIG_FILE: file, ACCESS_LOG: 'off', HOST: '127.0.0.1' });
    nodes = [await start(), await start()];
    database = await openDatabase(patientOptions({ url: own.settings.DATABASE_URL }));
    codec = new TokenCodec(new PostgresTokenKeyStore(database), new SystemClock());
    await codec.reload();
  });

  afterAll(async () => {
    await database.dataSource.destroy();
    await ServerProcess.endAll();
    await own.drop();
  });

  /** Stores a code for `ann` as a third server would. */
  async function issue(): Promise<string> {
    const directory = new PostgresDirectory(database);
    const [realm, app, ann] = await Promise.all([
      directory.findRealm('/'),
      directory.findClient('/', 'app'),
      directory.findResourceOwner('/', 'ann'),
    ]);
    const epochs = { realm: realm!.epoch, client: app!.epoch, resourceOwner: ann!.epoch };
    const value = codec.mint('syc_');
    const now = Date.now();
    const times = { issuedAt: now, expiresAt: now + 600_000 };
    const subjects = { clientId: 'app', username: 'ann', epochs };
    await new PostgresCodeRegister(database).insert(aCode({ hash: hashToken(value), ...subjects, ...times }));
    return value;
  }

  it('RFC 6749 §4.1.2 redeems a code once of 50 times at once, 50 times over', async () => {
    for (let round = 0; round < 50; round += 1) {
      const { counts, tokens } = await redeemAtOnce(nodes, await issue());
      expect(counts).toEqual(oneWinner);
      expect(await active(nodes[round % 2], tokens!.access_token)).toEqual(alive);
    }
  }, 90_000);

  it('RFC 6749 §4.1.2 ends all tokens of a code that is replayed, at both servers', async () => {
    for (const [here, there] of [nodes, [...nodes].reverse()]) {
      const code = await issue();
      const { tokens } = await redeemAtOnce(nodes, code);
      // As if it had been used two seconds ago: a later use is a replay.
      await database.dataSource.query(
        `UPDATE authorization_code SET used_at = used_at - interval '2 s' WHERE hash = $1`,
        [hashToken(code)],
      );
      expect((await redeem(here, code, { code_verifier: verifier })).status).toBe(400);
      expect(await active(there, tokens!.access_token)).toEqual(alive);
      expect((await redeem(here, code)).status).toBe(400);
      expect(await active(here, tokens!.access_token)).toEqual(dead);
      const refresh = { grant_type: 'refresh_token', refresh_token: tokens!.refresh_token };
      for (const node of nodes) {
        expect((await post(node, '/oauth2/access_token', refresh)).status).toBe(400);
        await untilDead(node, tokens!.access_token);
      }
    }
  });
});

describe('a server that redeems naively', () => {
  it('grants more than one redemption of a code: the race above would tell', async () => {
    const browser = await Authorizing.start();
    const { nest } = browser.app;
    const naive = new NaiveCodeStore(
      new PostgresCodeRegister(nest.get(Database)),
      nest.get(RefreshTokenStore),
    );
    Object.assign(nest.get(AuthorizationCodeStore), { redeem: naive.redeem.bind(naive) });
    const more = { redirect_uri: callback, code_verifier: verifier };
    const rounds = [];
    for (let round = 0; round < 3; round += 1) {
      rounds.push(
        (await redeemAtOnce([browser.app], await browser.code({ state: randomUUID() }), more)).counts,
      );
    }
    expect(rounds).not.toEqual(Array(3).fill(oneWinner));
    await browser.app.stop();
  });
});
