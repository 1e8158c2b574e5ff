import { AuditLog } from '../../src/domain/audit.js';
import { TokenKeyStore } from '../../src/domain/token-key.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { tester } from '../support/audit.js';

const dayMs = 86_400_000;

let app: TestApp;
let admin: AdminTestApp;

beforeAll(async () => {
  const settings = {
    AUDIT_DAYS: '',
    ISSUER: 'https://user:c4nary@sso.example/x',
    CASSANDRA_PASSWORD: 'c4nary',
  };
  const configured = { configuration: adminConfiguration(), hasher: new FastHasher() };
  app = await TestApp.start({ ...configured, settings: { ...settings, KEEP_ALIVE_TIMEOUT: '70' } });
  admin = await app.admin();
});
afterAll(() => app.stop());

const writer = () => admin.token({ clientId: 'write', scope: ['admin'] });
const iso = (at: number) => new Date(at).toISOString();

describe.each(['doctor', 'keys', 'settings'])('%s', (name) => {
  const path = `/admin/v1/${name}`;

  it('is for callers of the root realm alone, who may look', async () => {
    expectProblem(await admin.get(undefined, path), 401, 'no-token');
    expectProblem(await admin.get('unknown', path), 401, 'invalid-token');
    expectProblem(await admin.get(await admin.token({ scope: ['other'] }), path), 403, 'insufficient-scope');
    expectProblem(await admin.get(await admin.token({ clientId: 'none' }), path), 403, 'insufficient-scope');
    expectProblem(await admin.get(await admin.token({ realm: '/alpha' }), path), 404, 'not-found');
    expect((await admin.get(await admin.token(), path)).status).toBe(200);
  });

  it('takes GET alone, without parameters', async () => {
    const token = await admin.token();
    const answer = await admin.post(token, path, {});
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.allow).toBe('GET, HEAD');
    expectProblem(await admin.get(token, `${path}?limit=1`), 400, 'bad-request');
  });
});

describe('keys', () => {
  const keys = async () => (await admin.get(await admin.token(), '/admin/v1/keys')).json;
  const rotate = (token: string | undefined, query = '') =>
    admin.ask(token, { method: 'POST', path: `/admin/v1/keys/rotate${query}` });

  it('are rotated by a caller who may write, and the event names the caller', async () => {
    const now = app.clock.now();
    const [first] = (await keys()).items as { id: string; state: string }[];
    expect(first).toEqual({ id: expect.stringMatching(/^[\w-]{16}$/) as string, state: 'signing' });
    const answer = await rotate(await writer());
    const made = {
      id: expect.stringMatching(/^[\w-]{16}$/) as string,
      state: 'waiting',
      published_at: iso(now),
      signs_from: iso(now + 60_000),
    };
    expect([answer.status, answer.json]).toEqual([200, made]);
    // Kept for the longest lifetime of a client's tokens, 30 days here, and a day.
    const kept_until = iso(now + 60_000 + 31 * dayMs);
    expect(await keys()).toEqual({ items: [answer.json, { ...first, kept_until }] });
    app.clock.advance(60_000);
    const verifying = { ...first, state: 'verifying', kept_until };
    expect(await keys()).toEqual({ items: [{ ...answer.json, state: 'signing' }, verifying] });
    const [event] = await app.nest.get(AuditLog).list({ within: '/', action: 'key.rotated', limit: 1 });
    expect(event).toMatchObject({
      at: now,
      actor: {
        kind: 'token',
        name: 'write',
        address: '127.0.0.1',
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    });
  });

  it('show nothing of their secrets', async () => {
    const { keys: stored } = await app.nest.get(TokenKeyStore).read(app.clock.now());
    const answer = JSON.stringify(await keys());
    for (const { secret } of stored) {
      for (const form of ['hex', 'base64url', 'base64'] as const) {
        expect(answer).not.toContain(secret.toString(form).slice(0, 16));
      }
    }
  });

  it('are rotated by nobody else', async () => {
    const before = await keys();
    expectProblem(await rotate(undefined), 401, 'no-token');
    const reader = await rotate(await admin.token());
    expectProblem(reader, 403, 'insufficient-scope');
    expect(reader.headers['www-authenticate']).toBe(
      'Bearer realm="symbolon-admin", error="insufficient_scope", scope="admin"',
    );
    expect(reader.json.detail).toBe('The token may only look: it does not have the scope admin.');
    const unregistered = await rotate(await admin.token({ scope: ['admin'] }));
    expectProblem(unregistered, 403, 'insufficient-scope');
    expect(unregistered.json.detail).toBe('The client is registered to look, not to change.');
    const readScope = await admin.token({ clientId: 'write', scope: ['admin:read'] });
    expectProblem(await rotate(readScope), 403, 'insufficient-scope');
    const below = await admin.token({ realm: '/alpha', clientId: 'write', scope: ['admin'] });
    expectProblem(await rotate(below), 404, 'not-found');
    expectProblem(await rotate(await writer(), '?force=true'), 400, 'bad-request');
    const got = await admin.get(await writer(), '/admin/v1/keys/rotate');
    expectProblem(got, 405, 'method-not-allowed');
    expect(got.headers.allow).toBe('POST');
    expect(await keys()).toEqual(before);
  });

  it('are never more than 64', async () => {
    const store = app.nest.get(TokenKeyStore);
    const now = app.clock.now();
    for (let { length } = (await store.read(now)).keys; length < 64; length += 1) {
      await store.rotate(now, tester);
    }
    expectProblem(await rotate(await writer()), 409, 'conflict');
    expect((await keys()).items).toHaveLength(64);
  });
});

describe('settings', () => {
  it('are all shown, with where their values come from, and no secret', async () => {
    const answer = await admin.get(await admin.token(), '/admin/v1/settings');
    expect(answer.body).not.toContain('c4nary');
    const items = answer.json.items as { name: string; meaning: string }[];
    const shown = new Map(
      items.map(({ name, meaning, ...rest }) => [name, { ...rest, told: meaning !== '' }]),
    );
    const usual = { secret: false, told: true };
    expect(shown.get('KEEP_ALIVE_TIMEOUT')).toEqual({
      ...usual,
      value: '70',
      default: '65',
      set: true,
      from: 'environment',
      unit: 'seconds',
    });
    const untouched = { ...usual, value: '365', default: '365', set: false, from: 'default', unit: 'days' };
    expect(shown.get('AUDIT_DAYS')).toEqual(untouched);
    expect(shown.get('DEMO')).toEqual({ ...usual, set: false, from: 'default' });
    const issuer = { ...usual, value: 'https://sso.example/x', set: true, from: 'environment' };
    expect(shown.get('ISSUER')).toEqual(issuer);
    expect(shown.get('CASSANDRA_PASSWORD')).toEqual({
      set: true,
      from: 'environment',
      secret: true,
      told: true,
    });
  });
});
