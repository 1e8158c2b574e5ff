import { type TrafficRow, TrafficStore, trafficWindows } from '../../src/domain/traffic.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';

const path = '/admin/v1/monitoring';

let app: TestApp;
let admin: AdminTestApp;
let token: string;
let now: number;

/** A row of traffic, except as stated: two successes of 1 and 3 ms. */
function row(stated: Partial<TrafficRow>): TrafficRow {
  return {
    service: '/oauth2/tokeninfo',
    method: 'GET header',
    realm: '/alpha',
    client: 'billing',
    messages: 2,
    successes: 2,
    failures: 0,
    exceptions: 0,
    timeSum: 4000,
    timeMin: 1000,
    timeMax: 3000,
    ...stated,
  };
}

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
  token = await admin.token();
  now = app.clock.now();
  const rows = [
    row({}),
    row({
      method: 'GET query',
      messages: 5,
      successes: 1,
      failures: 3,
      exceptions: 1,
      timeSum: 12_345,
      timeMax: 9000,
    }),
    row({
      service: '/oauth2/token',
      method: 'password',
      realm: '/alphabet',
      client: 'web',
      messages: 1,
      successes: 1,
      timeSum: 500,
      timeMin: 500,
      timeMax: 500,
    }),
    row({
      service: '/oauth2/token',
      method: 'other',
      realm: '',
      client: '',
      messages: 1,
      successes: 0,
      failures: 1,
      timeSum: 250,
      timeMin: 250,
      timeMax: 250,
    }),
  ];
  await app.nest.get(TrafficStore).add(
    [
      { at: now - 1, rows },
      { at: now - 120_001, rows: [row({})] },
    ],
    2000,
  );
});
afterAll(() => app.stop());

async function ask(query: string, sent = token) {
  const answer = await admin.get(sent, `${path}${query}`);
  expect(answer.status).toBe(200);
  return answer.json as { items: Record<string, unknown>[]; total: Record<string, unknown> };
}

it('services of the last ten minutes, busiest first, with their total', async () => {
  expect(await ask('')).toEqual({
    window: '10m',
    from: new Date(now - 600_000).toISOString(),
    to: new Date(now).toISOString(),
    resolution: 60_000,
    items: [
      {
        service: '/oauth2/tokeninfo',
        messages: 9,
        successes: 5,
        failures: 3,
        exceptions: 1,
        time_min: 1,
        time_avg: 2.261,
        time_max: 9,
      },
      {
        service: '/oauth2/token',
        messages: 2,
        successes: 1,
        failures: 1,
        exceptions: 0,
        time_min: 0.25,
        time_avg: 0.375,
        time_max: 0.5,
      },
    ],
    total: {
      messages: 11,
      successes: 6,
      failures: 4,
      exceptions: 1,
      time_min: 0.25,
      time_avg: 1.918,
      time_max: 9,
    },
  });
});

it.each([
  ['method', ['GET query', 'GET header', 'other', 'password']],
  ['client', ['billing', '', 'web']],
  ['realm', ['/alpha', '', '/alphabet']],
])('messages by %s', async (dimension, names) => {
  const { items } = await ask(`?by=${dimension}`);
  expect(items.map((item) => item[dimension]).sort()).toEqual([...names].sort());
  expect(items[0][dimension]).toBe(names[0]);
});

it('messages by several at once, filtered', async () => {
  const { items, total } = await ask('?by=service,method,client,realm&service=/oauth2/token&client=web');
  expect(items).toEqual([
    expect.objectContaining({
      service: '/oauth2/token',
      method: 'password',
      client: 'web',
      realm: '/alphabet',
      messages: 1,
    }),
  ]);
  expect(total.messages).toBe(1);
});

it.each([
  ['method=GET%20header', 4],
  ['client=', 1],
  ['realm=/alpha', 9],
  ['realm=', 1],
  ['realm=/alpha/none', 0],
  ['service=/oauth2/token&method=password', 1],
])('filter %s', async (filter, messages) => {
  expect((await ask(`?${filter}`)).total.messages).toBe(messages);
});

it('of a caller, its realm and those below it alone', async () => {
  const { items, total } = await ask('?by=realm', await admin.token({ realm: '/alpha' }));
  expect(items.map(({ realm }) => realm)).toEqual(['/alpha']);
  expect(total.messages).toBe(9);
});

it('times are null where there was no message', async () => {
  expect(await ask('?client=nobody')).toMatchObject({
    items: [],
    total: { messages: 0, time_min: null, time_avg: null, time_max: null },
  });
});

it.each(Object.entries(trafficWindows))('window %s', async (window, { seconds, resolution }) => {
  expect(await ask(`?window=${window}`)).toMatchObject({
    window,
    from: new Date(now - seconds * 1000).toISOString(),
    resolution: resolution * 1000,
    total: { messages: 11 },
  });
});

it('shows the busiest 200, and the total of all', async () => {
  const rows = Array.from({ length: 250 }, (_, index) =>
    row({ service: '/many', client: `client-${index}` }),
  );
  await app.nest.get(TrafficStore).add([{ at: now - 1, rows }], 2000);
  const { items, total } = await ask('?by=client&service=/many');
  expect(items).toHaveLength(200);
  expect(total.messages).toBe(500);
});

it('series: each group bucket by bucket', async () => {
  const answer = await admin.get(token, `${path}/series?by=service,method&service=/oauth2/tokeninfo`);
  expect(answer.json).toMatchObject({ window: '10m', resolution: 60_000 });
  const [busiest, second, ...others] = answer.json.items as { points: { at: string }[] }[];
  expect(others).toEqual([]);
  expect(busiest).toMatchObject({ method: 'GET query', points: [{ messages: 5, time_avg: 2.469 }] });
  expect(second).toMatchObject({
    service: '/oauth2/tokeninfo',
    method: 'GET header',
    points: [
      { messages: 2, successes: 2, failures: 0, exceptions: 0, time_min: 1, time_avg: 2, time_max: 3 },
      { messages: 2 },
    ],
  });
  const times = second.points.map(({ at }) => Date.parse(at));
  expect(times[1] - times[0]).toBe(120_000);
  expect(times.map((time) => time % 60_000)).toEqual([0, 0]);
});

it.each([
  ['?window=2h', 'window'],
  ['?window=', 'window'],
  ['?window=toString', 'window'],
  ['?by=', 'by'],
  ['?by=service,service', 'by'],
  ['?by=service,', 'by'],
  ['?by=secret', 'by'],
  ['?realm=alpha', 'realm'],
  ['?realm=/alpha/', 'realm'],
  ['?realm=*', 'realm'],
])('%s is refused by the name of the parameter', async (query, parameter) => {
  for (const route of [path, `${path}/series`]) {
    const { errors } = expectProblem(await admin.get(token, `${route}${query}`), 400, 'bad-request');
    expect(errors).toEqual([{ parameter, detail: expect.any(String) }]);
  }
});
