import { randomUUID } from 'node:crypto';
import type { Refusal, RefusalQuery } from '../../src/domain/refusal.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresRefusalLog } from '../../src/storage/postgres/refusal-log.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const at = Date.UTC(2026, 0, 1);

let running: RunningDatabase;
let database: Database;
let log: PostgresRefusalLog;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  log = new PostgresRefusalLog(database);
});
beforeEach(() => database.dataSource.query('TRUNCATE refusal'));
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

function aRefusal(fields: Partial<Refusal> = {}): Refusal {
  return {
    id: randomUUID(),
    at,
    route: '/oauth2/tokeninfo',
    method: 'GET',
    status: 401,
    realm: '/',
    client: '',
    reason: 'expired',
    error: 'invalid_token',
    detail: 'expired',
    tokenId: 'A'.repeat(43),
    ...fields,
  };
}

const query: RefusalQuery = { within: '/', limit: 100 };

it('finds a refusal by its correlation id, with what is not known left out', async () => {
  const whole = aRefusal({ at: at + 123 });
  const bare = aRefusal({ reason: undefined, error: undefined, detail: undefined, tokenId: undefined });
  await log.add([whole, bare]);
  expect(await log.find(whole.id)).toEqual(whole);
  expect(await log.find(bare.id)).toEqual(bare);
});

it('finds nothing under an unknown id, or under a text that is no id', async () => {
  await log.add([aRefusal()]);
  expect(await log.find(randomUUID())).toBeUndefined();
  for (const text of ['', 'x', "' OR true --", '\0', `${randomUUID()} `]) {
    expect(await log.find(text)).toBeUndefined();
  }
});

it('keeps the first refusal of an id, and adds the others of the same batch', async () => {
  const first = aRefusal();
  const other = aRefusal();
  await log.add([first]);
  await log.add([{ ...first, status: 503 }, other, { ...other, status: 503 }]);
  expect(await log.find(first.id)).toEqual(first);
  expect(await log.find(other.id)).toEqual(other);
});

it('adds nothing where there is nothing to add', async () => {
  await log.add([]);
  expect(await log.list(query)).toEqual([]);
});

it('lists the newest first, page by page, also within one millisecond', async () => {
  const refusals = [0, 0, 0, 1, 1, 2, 3].map((after) => aRefusal({ at: at + after }));
  await log.add(refusals);
  const wanted = [...refusals].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const seen: Refusal[] = [];
  for (;;) {
    const page = await log.list({ ...query, limit: 2, before: seen.at(-1) });
    seen.push(...page);
    if (page.length < 2) break;
  }
  expect(seen).toEqual(wanted);
});

it.each([
  ['reason', { reason: 'forged' }],
  ['client', { client: 'billing' }],
  ['realm', { realm: '/alpha' }],
  ['route', { route: '/api/oauth/tokeninfo' }],
] as const)('lists only the refusals with a %s', async (_name, filter) => {
  const wanted = aRefusal(filter);
  await log.add([aRefusal(), wanted, aRefusal({ reason: undefined })]);
  expect(await log.list({ ...query, ...filter })).toEqual([wanted]);
});

it('shows a reader the refusals of its realm and those below, and those without a realm to the root alone', async () => {
  const realms = ['/', '/alpha', '/alpha/beta', '/alphabet', '/%', ''];
  await log.add(realms.map((realm) => aRefusal({ realm })));
  const seenWithin = async (within: string) =>
    (await log.list({ ...query, within })).map(({ realm }) => realm).sort();
  expect(await seenWithin('/')).toEqual([...realms].sort());
  expect(await seenWithin('/alpha')).toEqual(['/alpha', '/alpha/beta']);
  expect(await seenWithin('/alph_')).toEqual([]);
  expect(await seenWithin('/%')).toEqual(['/%']);
  expect(await log.list({ ...query, within: '/alpha', realm: '/' })).toEqual([]);
});
