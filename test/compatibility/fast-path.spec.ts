import { setImmediate as nextTurn } from 'node:timers/promises';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { Conversation, type Exchange } from '../support/conversation.js';
import { ask } from '../support/exchange.js';
import { plainClientForm, RandomRequests } from '../support/plain-requests.js';
import { presentedTokens, subjects } from '../support/presented-tokens.js';
import { Random } from '../support/random.js';
import { startBehindWire } from '../support/app-behind-wire.js';
import { axwayPath, forgeRockPath } from '../support/tokeninfo.js';
import { type Passage, FastPathAndControllers } from '../support/fast-path-and-controllers.js';

/** Another seed makes other requests. */
const seed = Number(process.env.TEST_SEED ?? 4);

const plainForms = [`GET ${axwayPath}`, `GET ${forgeRockPath}`, `POST ${axwayPath}`];

function options(settings: Readonly<Record<string, string>> = {}) {
  return {
    settings: { ACCESS_LOG: 'all', ...settings },
    configuration: subjects,
    hasher: new FastHasher(),
  };
}

async function requestsTo(app: TestApp): Promise<RandomRequests> {
  return new RandomRequests(new Random(seed), await presentedTokens(app));
}

/** Sends the same requests with and without the fast path, and expects the same answers and log lines. */
async function bothWays(app: TestApp, exchanges: readonly Exchange[]): Promise<Passage> {
  const ways = new FastPathAndControllers(app);
  const fastPath = await ways.pass('fast path', exchanges);
  expectSame(exchanges, fastPath, await ways.pass('controllers', exchanges));
  return fastPath;
}

function expectSame(exchanges: readonly Exchange[], fastPath: Passage, controllers: Passage): void {
  exchanges.forEach(({ requests }, index) => {
    const [one, other] = [fastPath.answers[index], controllers.answers[index]];
    const at = requests.findIndex((_, place) => one[place] === undefined || one[place] !== other[place]);
    if (at < 0) return;
    const shown = [requests[at].toString('latin1'), one[at], other[at]].map((text) => JSON.stringify(text));
    throw new Error(`seed ${seed}, connection ${index}, request ${at}:\n${shown.join('\n')}`);
  });
  expect(fastPath.log).toEqual(controllers.log);
  for (const { answeredIds, loggedIds } of [fastPath, controllers]) {
    expect(answeredIds).toEqual(loggedIds);
    expect(new Set(answeredIds).size).toBe(answeredIds.length);
  }
  expect(controllers.taken).toEqual([]);
}

/** Answers whose Content-Length is not the length of their body. An answer to HEAD has no body. */
function wrongLengths(exchanges: readonly Exchange[], { answers }: Passage): string[] {
  const pairs = exchanges.flatMap(({ requests }, index) =>
    requests.map((request, at) => ({
      request: request.toString('latin1', 0, 5),
      answer: answers[index][at],
    })),
  );
  const wrong = pairs.filter(({ request, answer }) => {
    const [, said, body] = /\r\nContent-Length: (\d+)\r\n[^]*?\r\n\r\n([^]*)$/.exec(answer) ?? [];
    return said !== undefined && body.length !== (request === 'HEAD ' ? 0 : Number(said));
  });
  return wrong.map(({ answer }) => answer);
}

/** The plain forms that the fast path took, sorted. */
function formsOf({ taken }: Passage): string[] {
  return [...new Set(taken)].sort();
}

/** The statuses of the answers, sorted. */
function statusesOf({ answers }: Passage): string[] {
  const statuses = answers.flat().flatMap((answer) => /^HTTP\/1\.1 ([2-5]\d\d)/m.exec(answer)?.[1] ?? []);
  return [...new Set(statuses)].sort();
}

let stop: () => Promise<void>;
afterEach(() => stop());

async function start(settings?: Readonly<Record<string, string>>): Promise<TestApp> {
  const app = await TestApp.start(options(settings));
  stop = () => app.stop();
  return app;
}

describe(`the fast path gives the answers and log lines that the controllers would give (seed ${seed})`, () => {
  it('to 5,000 requests, plain and hostile', async () => {
    const app = await start();
    const exchanges = (await requestsTo(app)).exchanges(5000);
    const fastPath = await bothWays(app, exchanges);
    expect(wrongLengths(exchanges, fastPath)).toEqual([]);
    expect(formsOf(fastPath)).toEqual(plainForms);
    expect(fastPath.taken.length).toBeGreaterThan(1000);
    expect(fastPath.passedOn).toBeGreaterThan(1000);
    expect(statusesOf(fastPath)).toEqual(['200', '400', '401', '404', '405']);
  });

  it('to 3,000 requests of clients to introspection and the token endpoint', async () => {
    const app = await start();
    const random = new Random(seed);
    const requests = new RandomRequests(random, await presentedTokens(app), plainClientForm);
    const exchanges = requests.exchanges(3000);
    const fastPath = await bothWays(app, exchanges);
    expect(wrongLengths(exchanges, fastPath)).toEqual([]);
    expect(formsOf(fastPath)).toEqual([
      'POST /api/oauth/token',
      'POST /oauth2/access_token',
      'POST /oauth2/introspect',
      'POST /oauth2/token',
    ]);
    expect(fastPath.taken.length).toBeGreaterThan(800);
    expect(fastPath.passedOn).toBeGreaterThan(600);
    expect(statusesOf(fastPath)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '404', '405']));
    expect(statusesOf(fastPath)).not.toContain('500');
    for (const part of ['"active":true', '"active":false', '"token_type":"Bearer","expires_in"'])
      expect(fastPath.answers.flat().some((answer) => answer.includes(part))).toBe(true);
  });

  it.each<[Readonly<Record<string, string>>, string[]]>([
    [
      {
        AXWAY_TOKENINFO_METHODS: 'POST',
        AXWAY_TOKEN_PARAMETER: 'token',
        AXWAY_REALMS: '/,/alpha/beta',
        TOKENINFO_REALMS: 'any',
        TOKENINFO_ERRORS: 'openam12',
        BASE_PREFIX: '/',
      },
      plainForms.slice(1),
    ],
    [{ AXWAY_TOKEN_SELECTOR: '${http.headers["X-Token"]}', CACHE_ENTRIES: '0' }, plainForms],
    [
      { AXWAY_ADDITIONAL_PARAMETERS: '[{"name":"Verb","value":"${http.request.verb}"}]' },
      [`GET ${forgeRockPath}`],
    ],
  ])('with %j', async (settings, forms) => {
    const app = await start(settings);
    const fastPath = await bothWays(app, (await requestsTo(app)).exchanges(400));
    expect(formsOf(fastPath)).toEqual(forms);
    expect(fastPath.answers.flat().some((answer) => answer.includes('{"audience":'))).toBe(true);
  });

  it('while the database is unavailable', async () => {
    const started = await startBehindWire(options({ CACHE_ENTRIES: '0' }));
    stop = () => started.stop();
    const { app, database } = started;
    const requests = await requestsTo(app);
    await database.refuse();
    const fastPath = await bothWays(app, requests.exchanges(300));
    expect(formsOf(fastPath)).toEqual(plainForms);
    expect(statusesOf(fastPath)).toEqual(['400', '401', '404', '405', '503']);
    await database.restore();
  });

  it('during a stop, where each answer is the last of its connection', async () => {
    const app = await start();
    const exchanges = (await requestsTo(app)).single(60);
    const begin = () => Promise.all(exchanges.map((exchange) => Conversation.begin(app, exchange)));
    const [first, second] = [await begin(), await begin()];
    // Once this is answered, the bytes that were sent before it have been read.
    await ask(app, { method: 'GET', path: '/healthz' });
    const stopped = app.stop();
    stop = () => stopped;
    while (app.server.listening) await nextTurn();

    const ways = new FastPathAndControllers(app);
    const fastPath = await ways.finish('fast path', first);
    expectSame(exchanges, fastPath, await ways.finish('controllers', second));
    expect(formsOf(fastPath)).toEqual(plainForms);
    for (const [answer] of fastPath.answers) expect(answer).toMatch(/\r\nConnection: close\r\n/);
  });
});
