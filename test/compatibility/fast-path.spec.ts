import { setImmediate as nextTurn } from 'node:timers/promises';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { Conversation, type Exchange } from '../support/conversation.js';
import { ask } from '../support/exchange.js';
import { LaneRequests } from '../support/plain-requests.js';
import { presentedTokens, subjects } from '../support/presented-tokens.js';
import { Random } from '../support/random.js';
import { startBehindRelay } from '../support/relay.js';
import { axwayPath, forgeRockPath } from '../support/tokeninfo.js';
import { type Passage, FastPathAndControllers } from '../support/fast-path-and-controllers.js';

/** Another one makes other requests. */
const seed = Number(process.env.TEST_SEED ?? 4);

const plainForms = [`GET ${axwayPath}`, `GET ${forgeRockPath}`, `POST ${axwayPath}`];

function options(settings: Readonly<Record<string, string>> = {}) {
  return {
    settings: { ACCESS_LOG: 'all', ...settings },
    configuration: subjects,
    hasher: new FastHasher(),
  };
}

async function requestsTo(app: TestApp): Promise<LaneRequests> {
  return new LaneRequests(new Random(seed), await presentedTokens(app));
}

/** What one and the same application answers to the same requests with its lane open, and with its lane closed. */
async function bothWays(app: TestApp, exchanges: readonly Exchange[]): Promise<Passage> {
  const ways = new FastPathAndControllers(app);
  const lane = await ways.pass('lane', exchanges);
  expectSame(exchanges, lane, await ways.pass('controllers', exchanges));
  return lane;
}

function expectSame(exchanges: readonly Exchange[], lane: Passage, controllers: Passage): void {
  exchanges.forEach(({ requests }, index) => {
    const [one, other] = [lane.answers[index], controllers.answers[index]];
    const at = requests.findIndex((_, place) => one[place] === undefined || one[place] !== other[place]);
    if (at < 0) return;
    const shown = [requests[at].toString('latin1'), one[at], other[at]].map((text) => JSON.stringify(text));
    throw new Error(`seed ${seed}, connection ${index}, request ${at}:\n${shown.join('\n')}`);
  });
  expect(lane.log).toEqual(controllers.log);
  for (const { answeredIds, loggedIds } of [lane, controllers]) {
    expect(answeredIds).toEqual(loggedIds);
    expect(new Set(answeredIds).size).toBe(answeredIds.length);
  }
  expect(controllers.taken).toEqual([]);
}

/** Lengths that answers have and do not say, or the other way round; there is no body to a HEAD. */
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

/** What the lane took. */
function formsOf({ taken }: Passage): string[] {
  return [...new Set(taken)].sort();
}

/** The statuses that were answered. */
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

describe(`the lane answers, and the log tells, what the controllers would (seed ${seed})`, () => {
  it('to 5,000 requests, plain and odd', async () => {
    const app = await start();
    const exchanges = (await requestsTo(app)).exchanges(5000);
    const lane = await bothWays(app, exchanges);
    expect(wrongLengths(exchanges, lane)).toEqual([]);
    expect(formsOf(lane)).toEqual(plainForms);
    expect(lane.taken.length).toBeGreaterThan(1000);
    expect(lane.passedOn).toBeGreaterThan(1000);
    expect(statusesOf(lane)).toEqual(['200', '400', '401', '404', '405']);
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
    const lane = await bothWays(app, (await requestsTo(app)).exchanges(400));
    expect(formsOf(lane)).toEqual(forms);
    expect(lane.answers.flat().some((answer) => answer.includes('{"audience":'))).toBe(true);
  });

  it('while the database is away', async () => {
    const started = await startBehindRelay(options({ CACHE_ENTRIES: '0' }));
    stop = () => started.stop();
    const { app, database } = started;
    const requests = await requestsTo(app);
    await database.cut();
    const lane = await bothWays(app, requests.exchanges(300));
    expect(formsOf(lane)).toEqual(plainForms);
    expect(statusesOf(lane)).toEqual(['400', '401', '404', '405', '503']);
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
    const lane = await ways.finish('lane', first);
    expectSame(exchanges, lane, await ways.finish('controllers', second));
    expect(formsOf(lane)).toEqual(plainForms);
    for (const [answer] of lane.answers) expect(answer).toMatch(/\r\nConnection: close\r\n/);
  });
});
