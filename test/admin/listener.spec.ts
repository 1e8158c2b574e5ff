import { readFileSync } from 'node:fs';
import { AuditLog } from '../../src/domain/audit.js';
import { RefusalLog } from '../../src/domain/refusal.js';
import { NodeRoster } from '../../src/domain/roster.js';
import { TokenService } from '../../src/domain/token.service.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { ask, askRaw } from '../support/exchange.js';

const routes = [
  '/admin/v1/monitoring',
  '/admin/v1/monitoring/series',
  '/admin/v1/refusals',
  '/admin/v1/refusals/7a3c2d10-1111-4222-8333-944455556666',
  '/admin/v1/audit',
  '/admin/v1/nodes',
];

let app: TestApp;
let admin: AdminTestApp;
let token: string;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
    settings: { ACCESS_LOG: 'all' },
  });
  admin = await app.admin();
  token = await admin.token();
});
afterAll(() => app.stop());

/** The log lines of requests so far. */
function requests(): Record<string, unknown>[] {
  const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.filter(({ msg }) => msg === 'request');
}

describe('the public listener', () => {
  const documentation = ['/docs', '/docs/swagger-ui.css', '/docs/start.js'];
  const documents = ['/openapi/admin.json', '/openapi/public.json'];

  it.each(['/', '/metrics', ...documentation, ...documents, ...routes])(
    'answers %s as any other unknown path',
    async (path) => {
      const headers = { authorization: `Bearer ${token}` };
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const unknown = await ask(app, { method, path: '/no/such/path', headers });
        expect(unknown.status).toBe(404);
        expect(await ask(app, { method, path, headers })).toEqual(unknown);
      }
    },
  );
});

describe('the operator’s listener', () => {
  it('has the services of the public one, not its own', () => {
    for (const port of [TokenService, AuditLog, RefusalLog, NodeRoster]) {
      expect(admin.nest.get<unknown>(port)).toBe(app.nest.get<unknown>(port));
    }
  });

  it.each([
    ['/healthz', '{"status":"ok"}'],
    ['/readyz', '{"status":"ready"}'],
  ])('answers %s without a token', async (path, body) => {
    expect(await admin.get(undefined, path)).toMatchObject({ status: 200, body });
  });

  it('has nothing of the public one', async () => {
    for (const path of ['/oauth2/token', '/oauth2/tokeninfo', '/api/oauth/tokeninfo', '/oauth2/introspect']) {
      for (const method of ['GET', 'POST']) {
        expectProblem(await admin.ask(token, { method, path }), 404, 'not-found');
      }
    }
    for (const path of ['/admin', '/admin/v1', '/admin/v1/', '/admin/v1/nodes/', '/ADMIN/v1/nodes']) {
      expectProblem(await admin.get(token, path), 404, 'not-found');
    }
  });

  it.each([...routes, '/healthz', '/metrics', '/docs', '/docs/start.js', '/openapi/admin.json'])(
    'answers other methods with 405: %s',
    async (path) => {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST']) {
        const answer = await admin.ask(token, { method, path });
        expectProblem(answer, 405, 'method-not-allowed');
        expect(answer.headers.allow).toBe('GET, HEAD');
      }
    },
  );

  it('sets no cookie and no CORS header, and its security headers on every answer', async () => {
    for (const path of [...routes, '/healthz', '/metrics', '/nowhere']) {
      const { headers } = await admin.get(token, path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(Object.keys(headers).filter((name) => /cookie|^access-control/.test(name))).toEqual([]);
    }
  });

  it.each(['http://evil.example', 'null', '', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'refuses a request from the origin %p',
    async (origin) => {
      for (const path of ['/healthz', '/metrics', '/nowhere', routes[0]]) {
        const answer = await admin.ask(token, { method: 'GET', path, headers: { origin } });
        expectProblem(answer, 403, 'foreign-origin');
      }
    },
  );

  it('admits a request from its own origin, under whatever name it was reached', async () => {
    for (const host of [new URL(admin.url).host, 'ops.example:9000']) {
      const headers = { host, origin: `http://${host}` };
      expect((await admin.ask(token, { method: 'GET', path: routes[0], headers })).status).toBe(200);
    }
  });

  it.each(['admin', 'public'])('has the OpenAPI document %s, without a token', async (name) => {
    const { status, headers, json } = await admin.get(undefined, `/openapi/${name}.json`);
    expect([status, headers['content-type'], json.openapi]).toEqual([200, 'application/json', '3.1.0']);
    const committed = new URL(`../../docs/openapi/${name}.json`, import.meta.url);
    expect(json).toEqual(JSON.parse(readFileSync(committed, 'utf8')));
  });

  it('has a page of the documents, with files of its own alone', async () => {
    const page = await admin.get(undefined, '/docs');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const named = [...page.body.matchAll(/(?:href|src)="(docs\/[^"]+)"/g)].map(([, path]) => path);
    expect(named).toHaveLength(4);
    for (const path of named) {
      const { status, headers, body } = await admin.get(undefined, `/${path}`);
      const type = path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
      expect([path, status, headers['content-type']]).toEqual([path, 200, type]);
      expect(body).not.toBe('');
    }
    expect(page.body).not.toMatch(/https?:/);
  });

  it.each(['/docs/', '/docs/index.html', '/docs/package.json', '/docs/..%2fpackage.json', '/openapi/x.json'])(
    'has no other file: %s',
    async (path) => expectProblem(await admin.get(undefined, path), 404, 'not-found'),
  );

  it('answers input that is not HTTP with a problem document', async () => {
    const { headers, body, status } = await askRaw(admin, 'garbage\r\n\r\n');
    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(JSON.parse(body)).toEqual({
      type: 'urn:symbolon:problem:bad-request',
      title: 'Bad request',
      status: 400,
      correlation_id: expect.any(String),
      detail: 'The request is malformed.',
    });
  });

  it('logs its requests by the template of the route, with the caller', async () => {
    const { status } = await admin.get(token, `${routes[3]}?`);
    expect(status).toBe(404);
    expect(requests().at(-1)).toMatchObject({
      route: '/admin/v1/refusals/:id',
      status: 404,
      error: 'not-found',
    });
    await admin.get(token, '/admin/v1/monitoring?window=1h');
    expect(requests().at(-1)).toMatchObject({
      route: '/admin/v1/monitoring',
      status: 200,
      realm: '/',
      clientId: 'read',
    });
  });
});
