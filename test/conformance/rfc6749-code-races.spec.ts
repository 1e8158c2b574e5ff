import { randomUUID } from 'node:crypto';
import { AuthorizationCodeStore } from '../../src/domain/authorization-code.js';
import { RefreshTokenStore } from '../../src/domain/refresh-token.js';
import { PostgresCodeRegister } from '../../src/storage/postgres/code-register.js';
import { Database } from '../../src/storage/postgres/database.js';
import { NaiveCodeStore } from '../storage/naive-code-store.js';
import { Authorizing, callback, verifier } from '../support/authorizing.js';
import { appCredentials } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { patientFetch } from '../support/patient-fetch.js';

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const rivals = 50;

/** The embedded database has one session for all: there, more rounds show no more. */
const rounds = onServer ? 50 : 5;

async function post(
  { app: { url } }: Authorizing,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const body = new URLSearchParams({ ...form, ...appCredentials });
  return patientFetch(url + path, { method: 'POST', body });
}

function redeem(node: Authorizing, code: string, code_verifier = verifier): Promise<Response> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier };
  return post(node, '/oauth2/access_token', form);
}

/** Many redeem one code at once: the statuses of their answers, and the tokens of the first good one. */
async function redeemAtOnce(
  nodes: readonly Authorizing[],
  code: string,
): Promise<{ counts: Record<number, number>; tokens?: Tokens }> {
  const answers = await Promise.all(
    Array.from({ length: rivals }, async (_, index) => {
      const answer = await redeem(nodes[index % nodes.length], code);
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
async function active(node: Authorizing, token: string): Promise<boolean[]> {
  const { url } = node.app;
  const headers = { authorization: `Bearer ${token}` };
  const [axway, forgeRock, rfc7662] = await Promise.all([
    fetch(`${url}/api/oauth/tokeninfo?access_token=${token}`),
    fetch(`${url}/oauth2/tokeninfo`, { headers }),
    post(node, '/oauth2/introspect', { token }),
  ]);
  const { active: introspected } = (await rfc7662.json()) as { active: boolean };
  await Promise.all([axway.text(), forgeRock.text()]);
  return [axway.status === 200, forgeRock.status === 200, introspected];
}

/** Resolves when a node has been notified; a token that stays active there fails the test by its time limit. */
async function untilDead(node: Authorizing, token: string): Promise<void> {
  while ((await active(node, token)).some((answer) => answer));
}

const alive = [true, true, true];
const dead = [false, false, false];

// The clocks stand still, so no duplicate comes so late that it counts as a replay, however slow the machine is.
describe(onServer ? 'two nodes on one database' : 'a node', () => {
  let database: TestDatabase;
  let nodes: Authorizing[];

  beforeAll(async () => {
    database = await createDatabase();
    const { settings } = database;
    nodes = [await Authorizing.start({ settings })];
    // The embedded database serves one process.
    if (onServer) nodes.push(await Authorizing.start({ settings }));
  });

  afterAll(async () => {
    for (const { app } of [...nodes].reverse()) await app.stop();
    await database.drop();
  });

  it(`RFC 6749 §4.1.2 redeem a code once of 50 times at once, ${rounds} times over`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [here, there = here] = round % 2 === 0 ? nodes : [...nodes].reverse();
      const { counts, tokens } = await redeemAtOnce(nodes, await here.code());
      expect(counts).toEqual(oneWinner);
      expect(await active(there, tokens!.access_token)).toEqual(alive);
    }
  });

  it('RFC 6749 §4.1.2 end the tokens of a replayed code, wherever it is replayed', async () => {
    for (const [here, there = here] of [nodes, [...nodes].reverse()]) {
      const code = await here.code();
      const { tokens } = await redeemAtOnce(nodes, code);
      for (const { app } of nodes) app.clock.advance(1000);
      expect((await redeem(here, code, `${verifier}x`)).status).toBe(400);
      expect(await active(there, tokens!.access_token)).toEqual(alive);
      expect((await redeem(here, code)).status).toBe(400);
      expect(await active(here, tokens!.access_token)).toEqual(dead);
      await untilDead(there, tokens!.access_token);
      const refresh = { grant_type: 'refresh_token', refresh_token: tokens!.refresh_token };
      for (const node of nodes) expect((await post(node, '/oauth2/access_token', refresh)).status).toBe(400);
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
    const counts = [];
    for (let round = 0; round < 3; round += 1) {
      counts.push((await redeemAtOnce([browser], await browser.code({ state: randomUUID() }))).counts);
    }
    expect(counts).not.toEqual(Array(3).fill(oneWinner));
    await browser.app.stop();
  });
});
