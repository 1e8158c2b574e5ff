import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { RefusalLog } from '../../src/domain/refusal.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem, type JsonAnswer } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { jest } from '@jest/globals';

let app: TestApp;
let admin: AdminTestApp;
let token: string;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
  token = await admin.token();
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => app.stop());

const lists = ['monitoring', 'monitoring/series', 'refusals', 'audit', 'nodes'];

/** Expects a refusal of the request, by a problem document that has nothing of it. */
function expectRefused(answer: JsonAnswer, ...statuses: number[]): void {
  expect(statuses).toContain(answer.status);
  expectProblem(answer, answer.status, answer.status === 404 ? 'not-found' : 'bad-request');
  expect(answer.body).not.toContain('canary');
}

describe('a query', () => {
  it.each([
    'canary=1',
    'canary',
    '=canary',
    'Window=10m',
    'limit[]=1',
    'limit%5B%5D=1',
    '__proto__=canary',
    'constructor=canary',
    'toString',
    '%ff=canary',
    '%00',
    'access_token=canary',
    `${'canary'.repeat(1500)}=1`,
  ])('with an unknown parameter is refused: %s', async (query) => {
    for (const list of lists) expectRefused(await admin.get(token, `/admin/v1/${list}?${query}`), 400);
  });

  it.each(['realm=/&realm=/', 'realm=/&%72ealm=/', 'client=a&client=b', 'client&client'])(
    'with a repeated parameter is refused: %s',
    async (query) => {
      const { errors } = expectProblem(
        await admin.get(token, `/admin/v1/refusals?${query}`),
        400,
        'bad-request',
      );
      expect(errors).toEqual([{ parameter: query.slice(0, query.search(/[=&]/)), detail: 'is repeated' }]);
    },
  );

  it.each(['%00', 'a%00b', '%ff', '%C0%80', '%', '%zz', '%ud800', 'canary'.repeat(100), 'x'.repeat(10_000)])(
    'with a value that is no name is refused: %s',
    async (value) => {
      for (const query of [
        `refusals?client=${value}`,
        `audit?name=${value}`,
        `monitoring?service=${value}`,
      ]) {
        expectRefused(await admin.get(token, `/admin/v1/${query}`), 400);
      }
    },
  );

  it.each([
    '/',
    '//',
    '%2F',
    '%25',
    '?',
    '%3F',
    '%23',
    ';',
    '%3B',
    "'",
    '"',
    '\\',
    '%5C',
    '*',
    '..',
    '%0A',
    '+',
  ])('with a strange name finds nothing: %s', async (value) => {
    for (const query of [`refusals?client=${value}`, `audit?name=${value}`, `monitoring?client=${value}`]) {
      const answer = await admin.get(token, `/admin/v1/${query}`);
      expect(answer).toMatchObject({ status: 200, json: { items: [] } });
    }
  });
});

describe('a path', () => {
  it.each([
    'canary',
    '%2F',
    '%2e%2e',
    '..',
    '%25',
    '%3Fcanary',
    '%23',
    ';',
    '%00',
    '%ff',
    '%',
    '%zz',
    '__proto__',
    '7a3c2d10-1111-4222-8333-94445555666',
    '7a3c2d10-1111-4222-8333-9444555566667',
    '7a3c2d10111142228333944455556666',
    '7a3c2d10-1111-4222-8333-944455556666%00',
    '7a3c2d10-1111-4222-8333-944455556666%0A',
    'x'.repeat(10_000),
  ])('with a name that is none is refused: %s', async (id) => {
    expectRefused(await admin.get(token, `/admin/v1/refusals/${id}`), 400, 404);
    expectRefused(await admin.get(token, `/admin/v1/${id}`), 400, 404);
  });
});

describe('a fault', () => {
  it('of the store is 503 with Retry-After', async () => {
    const unavailable = new StoreUnavailable(Object.assign(new Error('canary'), { code: 'ECONNREFUSED' }));
    jest.spyOn(app.nest.get(RefusalLog), 'list').mockRejectedValue(unavailable);
    const answer = await admin.get(token, '/admin/v1/refusals');
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('2');
    expect(app.logged.join('')).toContain('"store unavailable"');
    expect(answer.body + app.logged.join('')).not.toContain('canary');
  });

  it('of ours is 500, and is logged with its frames', async () => {
    jest.spyOn(app.nest.get(RefusalLog), 'list').mockRejectedValue(new TypeError('canary'));
    const answer = await admin.get(token, '/admin/v1/refusals');
    expectProblem(answer, 500, 'fault');
    const record = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(record.find(({ msg }) => msg === 'unexpected error')).toMatchObject({
      level: 50,
      fault: 'TypeError',
      frames: expect.any(Array) as unknown[],
    });
    expect(answer.body + app.logged.join('')).not.toContain('canary');
  });
});
