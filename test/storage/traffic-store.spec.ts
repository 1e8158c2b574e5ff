import type { TrafficQuery, TrafficRow } from '../../src/domain/traffic.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresTrafficStore } from '../../src/storage/postgres/traffic-store.js';
import { aRow, beyond, clientRows, total } from '../monitoring/traffic.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const now = Date.UTC(2026, 5, 1, 12, 34, 56);
const minute = 60_000;
const resolutions = [60, 300, 3600, 86_400];

let running: RunningDatabase;
let database: Database;
let store: PostgresTrafficStore;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  store = new PostgresTrafficStore(database);
});
beforeEach(() => database.dataSource.query('TRUNCATE traffic'));
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

/** The rows of one resolution. */
async function stored(resolution = 60): Promise<(TrafficRow & { bucket: Date })[]> {
  const rows: (TrafficRow & { bucket: Date })[] = await database.dataSource.query(
    `SELECT bucket, service, method, realm, client, messages::float8, successes::float8, failures::float8,
        exceptions::float8, time_sum::float8 AS "timeSum", time_min::float8 AS "timeMin", time_max::float8 AS "timeMax"
      FROM traffic WHERE resolution = $1 ORDER BY bucket, service, method, realm, client`,
    [resolution],
  );
  return rows;
}

const add = (rows: readonly TrafficRow[], at = now, maxRows = 2000) => store.add([{ at, rows }], maxRows);

function query(fields: Partial<TrafficQuery> = {}): TrafficQuery {
  return { window: '10m', by: ['client'], filters: {}, within: '/', now, limit: 200, ...fields };
}

describe('counts are added', () => {
  it('to the bucket of each resolution, in UTC', async () => {
    await add([aRow()]);
    const buckets = await Promise.all(resolutions.map(async (each) => (await stored(each))[0].bucket));
    expect(buckets).toEqual([
      new Date('2026-06-01T12:34:00Z'),
      new Date('2026-06-01T12:30:00Z'),
      new Date('2026-06-01T12:00:00Z'),
      new Date('2026-06-01T00:00:00Z'),
    ]);
  });

  it('to those that are there: sums grow, the extremes of the times are kept', async () => {
    await add([aRow({ messages: 3, successes: 1, failures: 2, timeSum: 90, timeMin: 20, timeMax: 40 })]);
    await add([aRow({ messages: 2, successes: 0, exceptions: 2, timeSum: 80, timeMin: 10, timeMax: 70 })]);
    const sum = {
      messages: 5,
      successes: 1,
      failures: 2,
      exceptions: 2,
      timeSum: 170,
      timeMin: 10,
      timeMax: 70,
    };
    for (const resolution of resolutions) expect(await stored(resolution)).toMatchObject([sum]);
  });

  it('of several batches at once: rows of one bucket are merged', async () => {
    const batches = [0, 1, 5].map((minutes) => ({ at: now + minutes * minute, rows: [aRow()] }));
    await store.add(batches, 2000);
    expect((await stored(60)).map(({ messages }) => messages)).toEqual([1, 1, 1]);
    expect((await stored(300)).map(({ messages }) => messages)).toEqual([1, 2]);
    expect((await stored(3600)).map(({ messages }) => messages)).toEqual([3]);
  });

  it('of rows with the same key', async () => {
    await add([aRow(), aRow()]);
    expect(await stored()).toMatchObject([{ messages: 2 }]);
  });

  it('not at all where there are none', async () => {
    await store.add([], 2000);
    await store.add([{ at: now, rows: [] }], 2000);
    expect(await stored()).toEqual([]);
  });
});

describe('a bucket keeps its limit', () => {
  it.each(resolutions)(
    'of 100 rows for 5,000 clients at %i s, and its sums are exact',
    async (resolution) => {
      await add(clientRows(5000), now, 100);
      const rows = await stored(resolution);
      expect(rows).toHaveLength(61);
      expect([total(rows), total(rows, 'timeSum')]).toEqual([5000, 500_000]);
      expect(beyond(rows)).toMatchObject([{ realm: '*', client: '*', messages: 4940 }]);
    },
  );

  it('whatever is added in several times', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await add(clientRows(50, { service: `/${turn}` }), now, 100);
    }
    const rows = await stored();
    expect(rows.filter(({ realm }) => realm !== '*')).toHaveLength(60);
    expect(total(rows)).toBe(150);
    expect(beyond(rows).map(({ service, messages }) => [service, messages])).toEqual([
      ['/1', 40],
      ['/2', 50],
    ]);
  });

  it('and adds to rows that are there even when it is full', async () => {
    await add(clientRows(500), now, 100);
    const [first] = (await stored()).filter(({ realm }) => realm !== '*');
    await add([aRow({ client: first.client })], now, 100);
    expect((await stored()).find(({ client }) => client === first.client)).toMatchObject({ messages: 2 });
  });

  it('and gives the rows that are free to the clients with the most messages', async () => {
    await add([...clientRows(100), aRow({ client: 'z', messages: 7 })], now, 100);
    expect((await stored()).map(({ client }) => client)).toContain('z');
  });

  it('when there are too many methods as well: those beyond are counted as other', async () => {
    const methods = Array.from({ length: 200 }, (_, index) => `method-${index}`);
    await add(
      methods.flatMap((method) => clientRows(2, { method })),
      now,
      100,
    );
    await add(
      methods.map((method) => aRow({ method, client: 'late' })),
      now,
      100,
    );
    const rows = await stored();
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(total(rows)).toBe(600);
    expect(beyond(rows)).toHaveLength(21);
    expect(beyond(rows).filter(({ method }) => method === 'other')).toHaveLength(1);
  });

  it('for each bucket on its own', async () => {
    await add(clientRows(60), now, 100);
    await add(clientRows(60), now + minute, 100);
    expect(beyond(await stored(60))).toEqual([]);
    expect(beyond(await stored(300))).toEqual([]);
  });

  it('when four nodes add at once', async () => {
    const nodes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const own = await openDatabase(patientOptions(running.connection));
        return { own, store: new PostgresTrafficStore(own) };
      }),
    );
    await Promise.all(
      nodes.map(async (node, number) => {
        for (let turn = 0; turn < 5; turn += 1) {
          const rows = [...clientRows(40), ...clientRows(40, { service: `/${number}` })];
          await node.store.add([{ at: now, rows: number % 2 ? rows : rows.reverse() }], 100);
        }
      }),
    );
    for (const { own } of nodes) await own.dataSource.destroy();
    for (const resolution of resolutions) {
      const rows = await stored(resolution);
      expect(rows.length).toBeLessThanOrEqual(100);
      expect(rows.filter(({ realm }) => realm !== '*')).toHaveLength(60);
      expect(total(rows)).toBe(4 * 5 * 80);
    }
  });
});

describe('the busiest groups', () => {
  it('have the dimensions that are asked for, and the sums of all buckets of the window', async () => {
    await add([aRow({ timeMin: 20 }), aRow({ realm: '/alpha', timeMax: 300, timeSum: 300 })]);
    await add([aRow({ client: 'other', messages: 4, failures: 3 })], now - 5 * minute);
    const sum = {
      messages: 4,
      successes: 1,
      failures: 3,
      exceptions: 0,
      timeSum: 100,
      timeMin: 100,
      timeMax: 100,
    };
    expect(await store.busiest(query())).toEqual([
      { client: 'other', ...sum },
      {
        client: 'app',
        ...sum,
        messages: 2,
        successes: 2,
        failures: 0,
        timeSum: 400,
        timeMin: 20,
        timeMax: 300,
      },
    ]);
    expect(await store.busiest(query({ by: ['realm', 'service'] }))).toMatchObject([
      { service: '/oauth2/tokeninfo', realm: '/', messages: 5 },
      { service: '/oauth2/tokeninfo', realm: '/alpha', messages: 1 },
    ]);
    expect(await store.busiest(query({ by: [] }))).toEqual([expect.objectContaining({ messages: 6 })]);
  });

  it('are in the order of their names where they have as many messages', async () => {
    await add(['b', 'a', 'B', 'é'].map((client) => aRow({ client })));
    const groups = await store.busiest(query({ limit: 3 }));
    expect(groups.map(({ client }) => client)).toEqual(['B', 'a', 'b']);
  });

  it.each([
    ['10m', 10 * minute],
    ['1h', 60 * minute],
    ['10h', 600 * minute],
    ['5d', 7200 * minute],
    ['90d', 129_600 * minute],
  ] as const)('of %s leave out the buckets that began before the window', async (window, length) => {
    await add([aRow()], now - length);
    expect(await store.busiest(query({ window }))).toEqual([]);
    const resolution = { '10m': 1, '1h': 1, '10h': 5, '5d': 60, '90d': 1440 }[window];
    await add([aRow()], now - length + resolution * minute);
    expect(await store.busiest(query({ window }))).toMatchObject([{ messages: 1 }]);
  });

  it('are none where nothing was counted', async () => {
    expect(await store.busiest(query({ by: [] }))).toEqual([]);
    expect(await store.series(query({ by: [] }))).toEqual([]);
  });

  it.each([
    [{ service: '/s' }, ['service']],
    [{ method: 'GET query' }, ['method']],
    [{ realm: '/r' }, ['realm']],
    [{ client: '' }, ['nobody']],
    [{ service: '/s', client: 'x' }, []],
  ])('are those of the filters %j', async (filters, found) => {
    await add([
      aRow({ service: '/s', realm: 'service' }),
      aRow({ method: 'GET query', realm: 'method' }),
      aRow({ realm: '/r', client: 'realm' }),
      aRow({ client: '', realm: 'nobody' }),
    ]);
    const groups = await store.busiest(query({ by: ['realm', 'client'], filters }));
    expect(groups.map(({ realm, client }) => (realm === '/r' ? client : realm))).toEqual(found);
  });

  it('within a realm are those of it and of the realms below it', async () => {
    const realms = ['/', '/alpha', '/alpha/beta', '/alphabet', '/alpha-1', '', '*'];
    await add(realms.map((realm) => aRow({ realm })));
    const within = async (top: string) =>
      (await store.busiest(query({ by: ['realm'], within: top }))).map(({ realm }) => realm);
    expect(await within('/alpha')).toEqual(['/alpha', '/alpha/beta']);
    expect(await within('/')).toHaveLength(realms.length);
  });
});

describe('a series', () => {
  it('has the busiest groups bucket by bucket, in the order of time', async () => {
    await add([aRow({ messages: 2 }), aRow({ client: 'b', messages: 9 }), aRow({ client: 'c' })]);
    await add([aRow({ messages: 3 }), aRow({ client: 'c' })], now - 2 * minute);
    const points = await store.series(query({ limit: 2 }));
    expect(points.map(({ bucket, client, messages }) => [bucket, client, messages])).toEqual([
      [Date.UTC(2026, 5, 1, 12, 32), 'app', 3],
      [Date.UTC(2026, 5, 1, 12, 34), 'app', 2],
      [Date.UTC(2026, 5, 1, 12, 34), 'b', 9],
    ]);
  });

  it('of everything has one point for each bucket', async () => {
    await add([aRow(), aRow({ client: 'b' })]);
    await add([aRow()], now - 6 * minute);
    const points = await store.series(query({ by: [], window: '10h' }));
    expect(points).toMatchObject([
      { bucket: Date.UTC(2026, 5, 1, 12, 25), messages: 1 },
      { bucket: Date.UTC(2026, 5, 1, 12, 30), messages: 2 },
    ]);
  });
});
