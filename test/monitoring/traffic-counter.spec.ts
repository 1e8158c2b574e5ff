import { trafficRoom } from '../../src/domain/traffic.js';
import { TrafficCounter } from '../../src/monitoring/traffic-counter.js';
import { TrafficTable } from '../../src/monitoring/traffic-table.js';
import type { ObservedRequest } from '../../src/observability/request-observer.js';
import { observed } from './observed.js';
import { aRow, beyond, clientRows, total } from './traffic.js';

type Settings = ConstructorParameters<typeof TrafficCounter>[0];

function counter(settings: Partial<Settings> = {}): TrafficCounter {
  return new TrafficCounter(
    { count: 'clients', client: 'subject', rows: 2000, ...settings },
    new Set(['/healthz']),
  );
}

/** The rows that these requests lead to. */
function rowsOf(requests: readonly Partial<ObservedRequest>[], settings: Partial<Settings> = {}) {
  const counting = counter(settings);
  for (const request of requests) counting.observe(observed(request));
  return counting.take();
}

describe('a message is', () => {
  it.each([
    [200, 'successes'],
    [302, 'successes'],
    [400, 'failures'],
    [401, 'failures'],
    [405, 'failures'],
    [500, 'exceptions'],
    [503, 'exceptions'],
  ])('with status %i one of the %s', (status, outcome) => {
    const none = { successes: 0, failures: 0, exceptions: 0 };
    expect(rowsOf([{ status }])).toMatchObject([{ messages: 1, ...none, [outcome]: 1 }]);
  });

  it('an exception when it could not be sent, whether its head had gone or not', () => {
    expect(rowsOf([{ failed: true }, { failed: true, status: undefined }])).toMatchObject([
      { messages: 2, exceptions: 2 },
    ]);
  });

  it.each<[string, Partial<ObservedRequest>]>([
    ['no route took it', { route: undefined, status: 404 }],
    ['it is a 404', { status: 404 }],
    ['its route is no service', { route: '/healthz' }],
    ['its caller left before there was an answer', { status: undefined, complete: false }],
  ])('not counted when %s', (_, request) => {
    expect(rowsOf([request])).toEqual([]);
  });

  it('counted when its caller left during the answer', () => {
    expect(rowsOf([{ complete: false }])).toHaveLength(1);
  });
});

it('times are summed up in whole microseconds', () => {
  const requests = [{ endedAt: 10.1004 }, { endedAt: 13 }, { endedAt: 10 }];
  expect(rowsOf(requests)).toMatchObject([{ timeSum: 3100, timeMin: 0, timeMax: 3000 }]);
});

it.each([
  ['POST', undefined, 'POST'],
  ['GET', 'GET query', 'GET query'],
  ['POST', 'password', 'password'],
  ['PROPFIND', undefined, 'other'],
])('the method of %s with the operation %s is %s', (method, operation, counted) => {
  expect(rowsOf([{ method, operation }])).toMatchObject([{ method: counted }]);
});

it('requests of other services, methods, realms and clients are counted apart', () => {
  const requests = [
    {},
    { route: '/oauth2/introspect' },
    { operation: 'GET query' },
    { details: { realm: '/alpha', username: 'ann' } },
    { details: { realm: '/', username: 'bob' } },
    { details: {} },
  ];
  expect(rowsOf([...requests, ...requests]).map(({ messages }) => messages)).toEqual([2, 2, 2, 2, 2, 2]);
});

describe('the client is', () => {
  const all = { clientId: 'app', application: 'Sample', username: 'ann', selectedClient: 'X' };
  it.each<[Settings['client'], ObservedRequest['details'], string]>([
    ['subject', all, 'ann'],
    ['subject', { clientId: 'app', application: 'Sample' }, 'app'],
    ['subject', {}, ''],
    ['application', all, 'Sample'],
    ['application', { clientId: 'app', username: 'ann' }, 'app'],
    ['application', { username: 'ann' }, ''],
    [{ selector: '${x}' }, all, 'X'],
    [{ selector: '${x}' }, { ...all, selectedClient: '' }, ''],
    [{ selector: '${x}' }, { clientId: 'app', username: 'ann' }, 'app'],
  ])('by %j of %j %j', (client, details, counted) => {
    expect(rowsOf([{ details }], { client })).toMatchObject([{ client: counted }]);
  });

  it('nobody where only services are counted', () => {
    expect(rowsOf([{}], { count: 'services' })).toMatchObject([{ realm: '/', client: '' }]);
  });

  it('cut off after 256 characters', () => {
    expect(rowsOf([{ details: { username: 'é'.repeat(300) } }])).toMatchObject([{ client: 'é'.repeat(256) }]);
  });

  it('a text that PostgreSQL can store: one name, whatever cannot be stored in it', () => {
    const names = ['a\0b', 'ab', 'c\ud800', 'c\ud800'];
    const rows = rowsOf(names.map((username) => ({ details: { username } })));
    expect(rows.map(({ client, messages }) => [client, messages])).toEqual([
      ['ab', 2],
      ['c\ufffd', 2],
    ]);
  });
});

it("the composite context counts the messages of Axway's services once more", () => {
  const routes = ['/api/oauth/token', '/api/oauth/tokeninfo', '/api/oauth/revoke', '/oauth2/tokeninfo'];
  const requests = routes.map((route) => ({ route, operation: undefined }));
  const rows = rowsOf([...requests, { ...requests[0], status: 400 }], { composite: 'OAuth' });
  expect(rows.map(({ service, messages, failures }) => [service, messages, failures])).toEqual([
    ['/api/oauth/token', 2, 1],
    ['OAuth', 4, 1],
    ['/api/oauth/tokeninfo', 1, 0],
    ['/api/oauth/revoke', 1, 0],
    ['/oauth2/tokeninfo', 1, 0],
  ]);
});

it('counting begins again when the rows are taken', () => {
  const counting = counter();
  counting.observe(observed());
  expect(counting.take()).toHaveLength(1);
  expect(counting.take()).toEqual([]);
  counting.observe(observed());
  expect(counting.take()).toMatchObject([{ messages: 1 }]);
});

describe('a table of 100 rows', () => {
  it('keeps its limit for 5,000 clients, and its sums are exact', () => {
    const rows = rowsOf(
      Array.from({ length: 10_000 }, (_, index) => ({ details: { username: `user-${index % 5000}` } })),
      { rows: 100 },
    );
    expect(rows).toHaveLength(61);
    expect([total(rows), total(rows, 'timeSum')]).toEqual([10_000, 2_500_000]);
    expect(beyond(rows)).toMatchObject([{ realm: '*', client: '*', messages: 10_000 - 2 * 60 }]);
  });

  it('keeps its limit for any services, methods and clients', () => {
    const table = new TrafficTable(100);
    for (let service = 0; service < 20; service += 1) {
      for (let method = 0; method < 20; method += 1) {
        table.addAll(clientRows(5, { service: `/${service}`, method: `method-${method}` }));
      }
    }
    const rows = table.rows();
    // 60 clients, 20 methods, and one row for all other methods of each service but the first.
    expect(rows).toHaveLength(99);
    expect(total(rows)).toBe(2000);
    expect(beyond(rows).filter(({ method }) => method === 'other')).toHaveLength(19);
  });

  it('takes the rows of another table, those beyond its limit as well', () => {
    const [one, other] = [new TrafficTable(100), new TrafficTable(100)];
    one.addAll(clientRows(80));
    other.addAll(clientRows(80));
    other.addAll(one.rows());
    expect(other.rows()).toHaveLength(61);
    expect(total(other.rows())).toBe(160);
    expect(other.cell('/oauth2/tokeninfo', 'GET header', '*', '*')).toMatchObject({ messages: 40 });
  });
});

it('the extremes of merged rows are those of all', () => {
  const table = new TrafficTable(100);
  table.addAll([aRow({ timeMin: 50, timeMax: 60 }), aRow({ timeMin: 20, timeMax: 55 })]);
  expect(table.rows()).toMatchObject([{ timeMin: 20, timeMax: 60 }]);
});

it.each([100, 101, 550, 2000, 100_000])('of %i rows, none is given away twice', (maxRows) => {
  const { named, methods } = trafficRoom(maxRows);
  expect(named + methods + 20).toBe(maxRows);
  expect(methods).toBeGreaterThanOrEqual(20);
});
