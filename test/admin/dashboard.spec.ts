import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { AdminCode } from '../../src/domain/admin-code.js';
import { TokenKeyStore } from '../../src/domain/token-key.js';
import { builtFolder } from '../../src/config/version.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';

let app: TestApp;
let admin: AdminTestApp;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
});
afterAll(() => app.stop());

const assets = () => readdirSync(new URL('assets/', builtFolder('ui')));

describe('the dashboard', () => {
  it.each(['/', '/traffic', '/traffic?window=1h', '/refusals', '/legacy', '/audit', '/system'])(
    'has one page for %s, which loads nothing from elsewhere',
    async (path) => {
      const { status, headers, body } = await admin.get(undefined, path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      const named = [...body.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((address) => !/^\/assets\/[\w.-]+$/.test(address))).toEqual([]);
    },
  );

  it('has assets that caches may keep for ever', async () => {
    const types = new Set<string>();
    for (const name of assets()) {
      const { status, headers, body } = await admin.get(undefined, `/assets/${name}`);
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(body).toBe(readFileSync(new URL(`assets/${name}`, builtFolder('ui')), 'utf8'));
      types.add(headers['content-type'] ?? '');
    }
    expect([...types].sort()).toEqual([
      'image/svg+xml',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
    ]);
  });

  it('answers HEAD without a body, and no other method', async () => {
    for (const path of ['/', '/traffic', `/assets/${assets()[0]}`]) {
      const { status, body } = await admin.ask(undefined, { method: 'HEAD', path });
      expect([status, body]).toEqual([200, '']);
      const refused = await admin.ask(undefined, { method: 'POST', path });
      expectProblem(refused, 405, 'method-not-allowed');
      expect(refused.headers.allow).toBe('GET, HEAD');
    }
  });

  it.each([
    '/assets/other.js',
    '/assets/',
    '/assets/..%2Findex.html',
    '/assets/__proto__',
    '/traffic/',
    '/index.html',
  ])('has nothing at %s', async (path) => {
    expectProblem(await admin.get(undefined, path), 404, 'not-found');
  });

  it('is 90 kB at most, compressed', () => {
    const files = [new URL('index.html', builtFolder('ui'))];
    for (const name of assets()) files.push(new URL(`assets/${name}`, builtFolder('ui')));
    const sizes = files.map((file) => gzipSync(readFileSync(file)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(90_000);
  });
});

describe('the code that the demo shows', () => {
  const path = '/admin/v1/login';
  const show = () => app.nest.get(AdminCode).show();
  const exchange = (code: string) => admin.post(undefined, path, { code });
  const refusal = [{ pointer: '/code', detail: 'is unknown, was used, or is older than 5 minutes' }];

  it('is exchanged for a token of an hour that may look and change, which is recorded', async () => {
    const { status, json, headers } = await exchange(show());
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^sya_/),
      token_type: 'Bearer',
      realm: '/',
      scope: 'admin',
      expires_at: new Date(app.clock.now() + 3_600_000).toISOString(),
    });
    const caller = await admin.get(String(json.access_token), '/admin/v1/caller');
    expect([caller.status, caller.json]).toEqual([
      200,
      { realm: '/', client_id: 'symbolon-admin', access: 'write' },
    ]);
    const events = await admin.get(String(json.access_token), '/admin/v1/audit?action=admin_token.issued');
    expect(events.json.items).toMatchObject([
      { actor_kind: 'system', actor: '', correlation_id: expect.any(String), address: '127.0.0.1' },
    ]);
  });

  it('is exchanged once, also when it is sent twice at the same time', async () => {
    const code = show();
    const answers = await Promise.all([exchange(code), exchange(code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(expectProblem(await exchange(code), 400, 'bad-request').errors).toEqual(refusal);
  });

  it('ends after 5 minutes', async () => {
    const code = show();
    app.clock.advance(300_000);
    expect(expectProblem(await exchange(code), 400, 'bad-request').errors).toEqual(refusal);
  });

  it('is worth nothing after ten wrong ones', async () => {
    const code = show();
    for (let wrong = 0; wrong < 9; wrong += 1) expectProblem(await exchange('wrong'), 400, 'bad-request');
    expect((await exchange(code)).status).toBe(200);
    const next = show();
    for (let wrong = 0; wrong < 10; wrong += 1) await exchange('wrong');
    expect(expectProblem(await exchange(next), 400, 'bad-request').errors).toEqual(refusal);
  });

  it('is sent by POST, as the one member of a body', async () => {
    expectProblem(await admin.get(undefined, path), 405, 'method-not-allowed');
    expect(expectProblem(await admin.post(undefined, path, {}), 400, 'bad-request').errors).toEqual([
      { pointer: '/code', detail: 'is missing' },
    ]);
    const more = await admin.post(undefined, path, { code: show(), realm: '/' });
    expectProblem(more, 400, 'bad-request');
  });
});

it('the holder of a token learns whose it is, and what it may do', async () => {
  const token = await admin.token({ realm: '/alpha' });
  const { status, json } = await admin.get(token, '/admin/v1/caller');
  expect([status, json]).toEqual([200, { realm: '/alpha', client_id: 'read', access: 'read' }]);
  const onlyReads = await admin.token({ clientId: 'write' });
  expect((await admin.get(onlyReads, '/admin/v1/caller')).json).toMatchObject({ access: 'read' });
  const writes = await admin.token({ clientId: 'write', scope: ['admin'] });
  expect((await admin.get(writes, '/admin/v1/caller')).json).toMatchObject({ access: 'write' });
  expectProblem(await admin.get(undefined, '/admin/v1/caller'), 401, 'no-token');
});

it('says until when an imported token may live', async () => {
  const path = '/admin/v1/imported-tokens';
  const keys = app.nest.get(TokenKeyStore);
  const token = await admin.token();
  const until = Math.ceil((app.clock.now() + 7_200_000) / 1000) * 1000;
  await keys.expectForeignTokens(until, 60);
  expect((await admin.get(token, path)).json).toEqual({ active: true, until: new Date(until).toISOString() });
  expectProblem(await admin.get(await admin.token({ realm: '/alpha' }), path), 404, 'not-found');
});
