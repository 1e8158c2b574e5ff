import { AuditLog } from '../../src/domain/audit.js';
import { adminConfiguration, type AdminTestApp, expectProblem, type JsonAnswer } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { CountingHasher } from '../support/counting-hasher.js';
import type { Answer, Ask } from '../support/exchange.js';
import { basic, members, postForm } from '../support/token-endpoint.js';

const path = '/admin/v1/clients/none/secrets';
const day = 86_400_000;

const hasher = new CountingHasher();
let app: TestApp;
let admin: AdminTestApp;
let token: string;
/** Every secret that was shown. */
const shown: string[] = [];
const answers: JsonAnswer[] = [];

beforeAll(async () => {
  app = await TestApp.start({
    configuration: adminConfiguration(),
    hasher,
    settings: { ACCESS_LOG: 'all', LOG_LEVEL: 'trace' },
  });
  admin = await app.admin();
});
beforeEach(async () => {
  token = await admin.token({ clientId: 'write', scope: ['admin'] });
});
afterAll(() => app.stop());

const json = { 'content-type': 'application/json' };

/** Asks for a change of the secrets of a client, by default in the version that is stored. */
async function change(method: string, url: string, more: Partial<Ask> = {}): Promise<JsonAnswer> {
  const answer = await admin.ask(token, {
    method,
    path: url,
    ...more,
    headers: { 'if-match': '*', ...more.headers },
  });
  answers.push(answer);
  return answer;
}

function rotation(body: object, url = path): Promise<JsonAnswer> {
  return change('POST', url, { body: JSON.stringify(body), headers: json });
}

/** Gives the client a new secret, with the overlap in seconds. */
async function rotate(overlap?: number): Promise<string> {
  const answer = await rotation({ overlap });
  expect(answer.status).toBe(201);
  const secret = answer.json.client_secret as string;
  expect(secret).toMatch(/^[\w-]{43}$/);
  shown.push(secret);
  return secret;
}

const form = (secret: string) => ({ client_id: 'none', client_secret: secret });
const clientGrant = { grant_type: 'client_credentials', scope: 'other' };

/** The status of each endpoint that authenticates the client, by form and by header. */
async function statuses(secret: string): Promise<number[]> {
  const requests: Promise<Answer>[] = [
    ['/oauth2/access_token', clientGrant],
    ['/oauth2/introspect', { token: 'x' }],
    ['/oauth2/revoke', { token: 'x' }],
  ].flatMap(([url, more]) => [
    postForm(app, url as string, { ...(more as object), ...form(secret) }),
    postForm(app, url as string, more as Record<string, string>, basic(`none:${secret}`)),
  ]);
  return (await Promise.all(requests)).map(({ status }) => status);
}

const all = (status: number) => Array.from({ length: 6 }, () => status);

it('both secrets are good during the overlap, then the old one is refused; tokens live on', async () => {
  const issued = members(
    await postForm(app, '/oauth2/access_token', { ...clientGrant, ...form('app-secret') }),
  );
  const secret = await rotate();
  expect(await statuses('app-secret')).toEqual(all(200));
  expect(await statuses(secret)).toEqual(all(200));
  const introspected = await postForm(app, '/oauth2/introspect', {
    token: issued.access_token,
    ...form(secret),
  });
  expect(JSON.parse(introspected.body)).toMatchObject({ active: true, client_id: 'none' });
  app.clock.advance(day - 1);
  expect(await statuses('app-secret')).toEqual(all(200));
  app.clock.advance(1);
  expect(await statuses('app-secret')).toEqual(all(401));
  expect(await statuses(secret)).toEqual(all(200));
});

it('a refusal costs one check, whether the client has one secret or two', async () => {
  const refused = () =>
    hasher.during(async () => {
      const answer = await postForm(app, '/oauth2/access_token', { ...clientGrant, ...form('wrong') });
      expect(answer.status).toBe(401);
    });
  expect(await refused()).toBe(1);
  await rotate(60);
  expect(await refused()).toBe(1);
  app.clock.advance(60_000);
});

it('the list says when secrets were made, used and end; their use leaves the version as it is', async () => {
  const secret = await rotate(60);
  const made = app.clock.now();
  const before = await admin.get(token, path);
  app.clock.advance(1);
  await postForm(app, '/oauth2/access_token', { ...clientGrant, ...form(secret) });
  await app.flushSecretUses();
  const after = await admin.get(token, path);
  expect(after.headers.etag).toBe(before.headers.etag);
  expect(after.headers.etag).toMatch(/^"[\w-]{22}"$/);
  const time = (at: number) => new Date(at).toISOString();
  expect(after.json).toEqual({
    items: [
      { id: 'current', state: 'active', created_at: time(made), last_used_at: time(made - (made % 60_000)) },
      expect.objectContaining({ id: 'previous', state: 'ending', until: time(made + 60_000) }),
    ],
  });
  app.clock.advance(59_999);
  const items = (await admin.get(token, path)).json.items as { state: string }[];
  expect(items.map(({ state }) => state)).toEqual(['active', 'ended']);
});

it('a previous secret is ended before its time; the current one is not, nor is another', async () => {
  await rotate();
  expectProblem(await change('DELETE', `${path}/current`), 409, 'conflict');
  expectProblem(await change('DELETE', `${path}/canary`), 404, 'not-found');
  expectProblem(await rotation({}), 409, 'conflict');
  const ended = await change('DELETE', `${path}/previous`);
  expect([ended.status, (ended.json.items as unknown[]).length]).toEqual([200, 1]);
  expectProblem(await change('DELETE', `${path}/previous`), 404, 'not-found');
});

it('of twenty rotations of one version one is made, and its secret is the current one', async () => {
  const { etag } = (await admin.get(token, path)).headers;
  const ask = () =>
    change('POST', path, { body: '{"overlap":0}', headers: { ...json, 'if-match': String(etag) } });
  const made = await Promise.all(Array.from({ length: 20 }, ask));
  expect(made.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 412)]);
  const won = made.find(({ status }) => status === 201);
  shown.push(won?.json.client_secret as string);
  expect(await statuses(won?.json.client_secret as string)).toEqual(all(200));
});

it('a file that was applied, or says nothing of secrets, leaves both; another secret ends both, and the tokens', async () => {
  const secret = await rotate(60);
  const isActive = async () => {
    const asked = { token: issued.access_token, ...form('app-secret') };
    return JSON.parse((await postForm(app, '/oauth2/introspect', asked)).body) as { active: boolean };
  };
  await app.apply(adminConfiguration().replaceAll(/"client_secret_hash":"[^"]*",/g, ''));
  expect(await statuses(secret)).toEqual(all(200));
  const previous = shown.at(-2) ?? '';
  expect(await statuses(previous)).toEqual(all(200));
  const issued = members(await postForm(app, '/oauth2/access_token', { ...clientGrant, ...form(previous) }));
  await app.apply(adminConfiguration());
  expect([await statuses(secret), await statuses(previous)]).toEqual([all(401), all(401)]);
  expect(await isActive()).toMatchObject({ active: false });
});

describe('a change is refused', () => {
  it('without a version, and for one that is over: the answer has the stored one', async () => {
    const bare = await admin.post(token, path, {});
    expectProblem(bare, 428, 'precondition-required');
    const stale = await change('POST', path, { body: '{}', headers: { ...json, 'if-match': '"canary"' } });
    expect([stale.status, stale.headers.etag]).toEqual([412, (await admin.get(token, path)).headers.etag]);
  });

  it.each<[string, object | string, number, string]>([
    ['a negative overlap', { overlap: -1 }, 400, 'bad-request'],
    ['more than 30 days', { overlap: 30 * 86_400 + 1 }, 400, 'bad-request'],
    ['half a second', { overlap: 0.5 }, 400, 'bad-request'],
    ['a text', { overlap: '60' }, 400, 'bad-request'],
    ['another member', { canary: 1 }, 400, 'bad-request'],
    ['no object', [], 400, 'bad-request'],
  ])('with %s', async (_, body, status, kind) => {
    expectProblem(await rotation(body as object), status, kind);
  });

  it('as a form, with another method, and of what is not there', async () => {
    expectProblem(await change('POST', path, { body: 'overlap=0' }), 415, 'unsupported-media-type');
    const put = await change('PUT', path);
    expectProblem(put, 405, 'method-not-allowed');
    expect(put.headers.allow).toBe('GET, HEAD, POST');
    expectProblem(await change('GET', `${path}/previous`), 405, 'method-not-allowed');
    for (const url of [
      '/admin/v1/clients/canary/secrets',
      `${path}?realm=/canary`,
      '/admin/v1/clients/%00/secrets',
    ]) {
      expectProblem(await rotation({}, url), 404, 'not-found');
      expectProblem(await admin.get(token, url), 404, 'not-found');
    }
    expectProblem(await rotation({}, `${path}?canary=1`), 400, 'bad-request');
  });

  it('to who may only look, or administers another realm', async () => {
    for (const stated of [
      { clientId: 'write', scope: ['admin:read'] },
      { clientId: 'read', scope: ['admin'] },
      { clientId: 'none', scope: ['admin'] },
    ]) {
      token = await admin.token(stated);
      expectProblem(await rotation({}), 403, 'insufficient-scope');
    }
    token = await admin.token({ clientId: 'write', scope: ['admin'], realm: '/alpha' });
    expectProblem(await rotation({}, `${path}?realm=/`), 404, 'not-found');
    expectProblem(await rotation({}, `${path}?realm=/alphabet`), 404, 'not-found');
    expect((await rotation({}, `${path}?realm=/alpha/beta`)).status).toBe(201);
  });

  it('for a client that introspects all tokens, to who does not administer the root realm', async () => {
    await app.apply(
      adminConfiguration().replaceAll('"client_id":"none"', '"client_id":"none","introspect":"all"'),
    );
    token = await admin.token({ clientId: 'write', scope: ['admin'], realm: '/alpha' });
    expectProblem(await rotation({}), 403, 'not-allowed');
    token = await admin.token({ clientId: 'write', scope: ['admin'] });
    expect((await rotation({}, `${path}?realm=/alpha`)).status).toBe(201);
  });
});

it('the secret is in the answer that makes it, and in no other, in no log, event or metric', async () => {
  expect(shown.length).toBeGreaterThan(4);
  const events = await app.nest.get(AuditLog).list({ within: '/', limit: 200 });
  expect(events.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['client.secret_added', 'client.secret_ended']),
  );
  const byToken = events.find(
    ({ action, actor }) => action === 'client.secret_added' && actor.kind === 'token',
  );
  expect(byToken?.actor).toMatchObject({
    name: 'write',
    correlationId: expect.any(String) as string,
    address: '127.0.0.1',
  });
  const others = answers.map(({ json: { client_secret: _, ...rest } }) => rest);
  const metrics = await admin.get(await admin.token(), '/metrics');
  const texts = [JSON.stringify([others, events]), app.logged.join(''), metrics.body];
  for (const text of texts) {
    for (const secret of shown) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/canary|sha256:/);
  }
});
