import { AuditLog } from '../../src/domain/audit.js';
import { DirectoryWriter } from '../../src/domain/directory-writer.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem, type JsonAnswer } from '../support/admin.js';
import { type AdminRoute, changingRoutes, readingRoutes } from '../support/admin-routes.js';
import { TestApp, type TokenToStore } from '../support/app.js';

const routes = [...readingRoutes, ...changingRoutes];

let app: TestApp;
let admin: AdminTestApp;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
});
// Denials are recorded up to a limit a minute.
beforeEach(() => app.clock.advance(60_000));
afterAll(() => app.stop());

const mayWrite: Partial<TokenToStore> = { clientId: 'write', scope: ['admin'] };
const named = (list: readonly AdminRoute[]) =>
  list.map((route) => [`${route.method} ${route.path}`, route] as const);
const withBodies = named(routes.filter(({ body }) => body));

/** The names in the paths of `admin-routes.ts`. */
const namesInPaths = new Set(['%2Falpha', 'read', 'ann', 'unknown']);

/** Sends a request of a route, with this body or that of the route. */
function send(token: string | undefined, { method, path, body }: AdminRoute, raw?: string | Buffer) {
  const sent = raw ?? (body && JSON.stringify(body));
  const headers = { 'if-match': '*', ...(sent === undefined ? {} : { 'content-type': 'application/json' }) };
  return admin.ask(token, { method, path: `/admin/v1/${path}`, headers, body: sent });
}

/** A route with each name in its path replaced by another one, as it stands in a path. */
function renamed(route: AdminRoute, name: string): AdminRoute[] {
  const segments = route.path.split('/');
  return segments.flatMap((segment, place) =>
    namesInPaths.has(segment) ? [{ ...route, path: segments.with(place, name).join('/') }] : [],
  );
}

/** What requests may change: the directory's revision, and the newest revocations. */
async function state(): Promise<unknown> {
  const { revision } = await app.nest.get(DirectoryWriter).state();
  const newest = (action: string) => app.nest.get(AuditLog).list({ within: '/', action, limit: 1 });
  return [revision, await newest('token.revoked'), await newest('family.revoked')];
}

/** Expects a refusal that has nothing of what was sent, and has changed nothing. */
async function expectRefused(answer: JsonAnswer, before: unknown, ...statuses: number[]): Promise<void> {
  expect(statuses).toContain(answer.status);
  expectProblem(answer, answer.status, String(answer.json.type).replace('urn:symbolon:problem:', ''));
  expect(answer.body).not.toContain('canary');
  expect(await state()).toEqual(before);
}

describe.each(named(routes))('%s', (_, route) => {
  const changes = changingRoutes.includes(route);

  it('is refused without a token that may do it, and changes nothing then', async () => {
    const before = await state();
    const scope = changes ? 'admin' : 'admin:read';
    const refuse = async (token: string | undefined, status: number) => {
      const answer = await send(token, route);
      await expectRefused(answer, before, status);
      return answer.headers['www-authenticate'];
    };
    const challenge = 'Bearer realm="symbolon-admin"';
    expect(await refuse(undefined, 401)).toBe(challenge);
    const expired = await admin.token({ ...mayWrite, expiresAt: app.clock.now() - 1000 });
    expect(await refuse(expired, 401)).toBe(`${challenge}, error="invalid_token"`);
    const may = { ...mayWrite, expiresAt: app.clock.now() + 3_600_000, issuedAt: app.clock.now() };
    const denied: Partial<TokenToStore>[] = [
      { scope: ['other'] },
      { clientId: 'none' },
      { username: 'ann', grantType: 'password' },
      ...(changes ? [{ scope: ['admin:read'] }, { clientId: 'read' }] : []),
    ];
    for (const stated of denied) {
      const answered = await refuse(await admin.token({ ...may, ...stated }), 403);
      expect(answered).toBe(`${challenge}, error="insufficient_scope", scope="${scope}"`);
    }
  });

  it('does nothing outside the caller’s realms', async () => {
    const before = await state();
    const expiresAt = app.clock.now() + 3_600_000;
    const foreign = await admin.token({ ...mayWrite, realm: '/alphabet', expiresAt });
    const below = await admin.token({ ...mayWrite, realm: '/alpha/beta', expiresAt });
    const bySubject = /^(?:clients|users)/.test(route.path) || route.path.startsWith('tokens?');
    if (bySubject) {
      const path = `${route.path}${route.path.includes('?') ? '&' : '?'}realm=/alpha`;
      for (const token of [foreign, below]) {
        await expectRefused(await send(token, { ...route, path }), before, 404);
      }
    } else if (route.path.startsWith('realms/') || route.ofRoot) {
      for (const token of [foreign, below]) await expectRefused(await send(token, route), before, 404);
    } else if (route.path === 'realms' && changes) {
      for (const token of [foreign, below]) await expectRefused(await send(token, route), before, 403);
    } else {
      // What it shows is the caller's own.
      const answer = await send(foreign, route);
      expect([200, 404]).toContain(answer.status);
      expect(answer.body).not.toContain('"/alpha"');
    }
  });

  it('refuses unknown parameters, and other methods by name', async () => {
    const before = await state();
    const token = await admin.token({ ...mayWrite, expiresAt: app.clock.now() + 3_600_000 });
    const unknown = `${route.path}${route.path.includes('?') ? '&' : '?'}canary=1`;
    await expectRefused(await send(token, { ...route, path: unknown }), before, 400);
    const answer = await admin.ask(token, { method: 'OPTIONS', path: `/admin/v1/${route.path}` });
    await expectRefused(answer, before, 405);
    expect(answer.headers.allow?.split(', ')).toContain(route.method);
  });
});

describe('a body', () => {
  const deep = `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`;
  const bodies: readonly (readonly [string, string | Buffer, number])[] = [
    ['nothing', '', 400],
    ['half of one', '{"canary"', 400],
    ['a list', '["canary"]', 400],
    ['an empty list', '[]', 400],
    ['a text', '"canary"', 400],
    ['null', 'null', 400],
    ['deep', deep, 400],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['with __proto__', '{"__proto__":{"canary":true}}', 400],
    ['with constructor', '{"constructor":"canary"}', 400],
    ['with a member twice', '{"enabled":true,"enabled":true}', 400],
    ['with an unknown member', '{"canary":"canary"}', 400],
    ['of a megabyte', `{"canary":"${'c'.repeat(1_048_576)}"}`, 413],
  ];

  it.each(withBodies)('that cannot be used is refused by %s', async (_, route) => {
    const token = await admin.token({ ...mayWrite, expiresAt: app.clock.now() + 3_600_000 });
    const before = await state();
    for (const [, body, status] of bodies)
      await expectRefused(await send(token, route, body), before, status);
    const form = await admin.ask(token, {
      method: route.method,
      path: `/admin/v1/${route.path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'if-match': '*' },
      body: 'canary=1',
    });
    await expectRefused(form, before, 415);
  });
});

describe('a name', () => {
  const kinds = ['clients', 'users'] as const;
  const members = { clients: 'client_id', users: 'username' };

  it.each([
    '/%?#;&=+',
    ' a b ',
    'ünï😀',
    '..a',
    '%2F',
    '%252F',
    '"\\',
    "'; DROP TABLE client;--",
    '__proto__',
  ])('of any characters is percent-decoded once: %s', async (name) => {
    const token = await admin.token({ ...mayWrite, expiresAt: app.clock.now() + 3_600_000 });
    for (const kind of kinds) {
      const body = { [members[kind]]: name, ...(kind === 'users' ? { password: 'x' } : {}) };
      const created = await admin.post(token, `/admin/v1/${kind}`, body);
      expect(created.status).toBe(201);
      const location = String(created.headers.location);
      expect((await admin.get(token, location)).json[members[kind]]).toBe(name);
      const removal = { method: 'DELETE', path: location, headers: { 'if-match': '*' } };
      expect((await admin.ask(token, removal)).status).toBe(204);
    }
  });

  it.each(['%00', 'a%00b', '%ff', '%C0%80', '%', '%zz', '%ED%A0%80', 'x'.repeat(256), 'canary'.repeat(1700)])(
    'that none can have is refused: %s',
    async (name) => {
      const token = await admin.token({ ...mayWrite, expiresAt: app.clock.now() + 3_600_000 });
      const before = await state();
      for (const route of routes.flatMap((route) => renamed(route, name))) {
        await expectRefused(await send(token, route), before, 400, 404);
      }
    },
  );
});
