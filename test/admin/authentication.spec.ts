import { AdminTokenIssuer } from '../../src/domain/admin-token.js';
import { AuditLog } from '../../src/domain/audit.js';
import { AccessTokenStore, hashToken, tokenId } from '../../src/domain/access-token.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { byClient } from '../support/audit.js';
import { adminConfiguration, type AdminTestApp, expectProblem, forgedToken } from '../support/admin.js';
import { TestApp, type TokenToStore } from '../support/app.js';
import { TokenLife } from '../support/token-life.js';

const path = '/admin/v1/monitoring';
const challenge = 'Bearer realm="symbolon-admin"';
const invalid = `${challenge}, error="invalid_token"`;
const insufficient = `${challenge}, error="insufficient_scope", scope="admin:read"`;

let app: TestApp;
let admin: AdminTestApp;

beforeAll(async () => {
  app = await TestApp.start({
    configuration: adminConfiguration(),
    hasher: new FastHasher(),
    settings: { ACCESS_LOG: 'all' },
  });
  admin = await app.admin();
});
// Denials are recorded up to a limit a minute.
beforeEach(() => app.clock.advance(60_000));
afterAll(() => app.stop());

/** The audit events of denials, newest first. */
function denials() {
  return app.nest.get(AuditLog).list({ within: '/', action: 'access.denied', limit: 100 });
}

/** Expects a denial with this challenge. */
async function expectDenied(token: string | undefined, status: number, header: string): Promise<void> {
  const answer = await admin.get(token, path);
  const kind = status === 403 ? 'insufficient-scope' : token === undefined ? 'no-token' : 'invalid-token';
  expectProblem(answer, status, kind);
  expect(answer.headers['www-authenticate']).toBe(header);
}

describe('a request without a token', () => {
  it.each([[undefined], ['Basic YXBwOmFwcC1zZWNyZXQ='], ['Bearer'], ['Bearer '], ['']])(
    'is challenged, with no error: %p (RFC 6750 §3)',
    async (authorization) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await admin.ask(undefined, { method: 'GET', path, headers });
      expectProblem(answer, 401, 'no-token');
      expect(answer.headers['www-authenticate']).toBe(challenge);
    },
  );

  it('is so even if the query or the body has one: the header alone counts', async () => {
    const token = await admin.token();
    expectProblem(await admin.get(undefined, `${path}?access_token=${token}`), 401, 'no-token');
  });

  it('leaves no audit event', async () => {
    const before = await denials();
    await admin.get(undefined, path);
    expect(await denials()).toEqual(before);
  });
});

describe('a token that is not active is refused with 401', () => {
  it.each<[string, () => Promise<string>]>([
    ['unknown', async () => 'unknown'],
    ['forged', async () => forgedToken()],
    ['not a token at all', async () => 'a b,"\\'],
    ['expired', () => admin.token({ expiresAt: app.clock.now() - 1000 })],
  ])('%s', async (_, token) => {
    await expectDenied(await token(), 401, invalid);
  });

  it('revoked a moment ago', async () => {
    const token = await admin.token();
    expect((await admin.get(token, path)).status).toBe(200);
    await app.nest.get(AccessTokenStore).revoke(hashToken(token), byClient);
    await expectDenied(token, 401, invalid);
  });

  it('a refresh token', async () => {
    const { refresh } = await new TokenLife(app).login('read', { scope: 'admin:read' });
    await expectDenied(refresh, 401, invalid);
  });

  it('of a client that has got another epoch', async () => {
    const token = await admin.token({ realm: '/alphabet' });
    await app.apply(adminConfiguration().replace('"name":"/alphabet"', '"name":"/alphabet","enabled":false'));
    await expectDenied(token, 401, invalid);
    await app.apply(adminConfiguration());
    await expectDenied(token, 401, invalid);
  });
});

describe('an active token is refused with 403', () => {
  it.each<[string, Partial<TokenToStore>, string]>([
    ['with no scope', { scope: [] }, 'The token has neither the scope admin nor admin:read.'],
    [
      'with scopes that only look like it',
      { scope: ['other', 'ADMIN', 'admin:write', 'admin:reader'] },
      'The token has neither the scope admin nor admin:read.',
    ],
    [
      'of a client that may not administer',
      { clientId: 'none', scope: ['admin', 'admin:read'] },
      'The client is not registered to administer.',
    ],
    ['of a user', { username: 'ann', grantType: 'password' }, 'The token belongs to a user.'],
  ])('%s', async (_, stated, detail) => {
    const token = await admin.token(stated);
    await expectDenied(token, 403, insufficient);
    expect((await admin.get(token, path)).json.detail).toBe(detail);
  });
});

describe('a token may look', () => {
  it.each<[string, Partial<TokenToStore>]>([
    ['admin:read, of a client that may read', {}],
    ['admin, of a client that may read', { scope: ['admin'] }],
    ['admin:read, of a client that may write', { clientId: 'write' }],
    ['admin among others, of a client that may write', { clientId: 'write', scope: ['other', 'admin'] }],
  ])('with the scope %s', async (_, stated) => {
    expect((await admin.get(await admin.token(stated), path)).status).toBe(200);
  });

  it('that was issued here a moment ago', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'read', client_secret: 'app-secret' };
    const issued = await new TokenLife(app).post('/oauth2/alpha/access_token', {
      ...form,
      scope: 'admin:read',
    });
    const { access_token: token } = JSON.parse(issued.body) as { access_token: string };
    expect((await admin.get(token, path)).status).toBe(200);
  });

  it.each(['read', 'write'] as const)(
    'that `symbolon admin-token` issues, and loses it with its client (%s)',
    async (right) => {
      const actor = { kind: 'cli', name: 'root' } as const;
      const issue = { realm: '/alpha', right, lifetime: 60, actor };
      const { value } = await app.nest.get(AdminTokenIssuer).issue(issue);
      expect((await admin.get(value, path)).status).toBe(200);
      expectProblem(await admin.get(value, `${path}?realm=/`), 404, 'not-found');
      const client = '{"client_id":"symbolon-admin","state":"absent"}';
      await app.apply(`{"realms":[{"name":"/alpha","clients":[${client}]}]}`);
      await expectDenied(value, 401, invalid);
      // The same file twice in a row is applied once.
      await app.apply(adminConfiguration());
    },
  );

  it('at its realm and those below it, of which there is nothing outside', async () => {
    const lists = ['monitoring', 'monitoring/series', 'refusals', 'audit'];
    const token = await admin.token({ realm: '/alpha' });
    for (const list of lists) {
      const ask = (realm: string) => admin.get(token, `/admin/v1/${list}?realm=${realm}`);
      for (const realm of ['/alpha', '%2Falpha%2Fbeta', '/alpha/none']) {
        expect((await ask(realm)).status).toBe(200);
      }
      for (const realm of ['/', '', '/alphabet', '%2Falphabet', '/other']) {
        expectProblem(await ask(realm), 404, 'not-found');
      }
    }
    expectProblem(await admin.get(token, '/admin/v1/nodes'), 404, 'not-found');
  });
});

it('two Authorization headers are refused', async () => {
  const token = await admin.token();
  const headers = { authorization: [`Bearer ${token}`, `Bearer ${token}`] };
  expectProblem(await admin.ask(undefined, { method: 'GET', path, headers }), 400, 'bad-request');
});

describe('an audit event of a denial', () => {
  it('names the client, the realm, the address and the correlation id', async () => {
    const answer = await admin.get(await admin.token({ realm: '/alpha', clientId: 'none' }), path);
    const [event] = await denials();
    expect(event).toMatchObject({
      at: app.clock.now(),
      action: 'access.denied',
      realm: '/alpha',
      actor: {
        kind: 'token',
        name: 'none',
        correlationId: answer.json.correlation_id,
        address: expect.stringMatching(/127\.0\.0\.1$/) as string,
      },
    });
  });

  it('has the identifier of a token of ours, never that of anything else', async () => {
    const token = forgedToken();
    await admin.get(token, path);
    expect((await denials())[0].tokenId).toBe(tokenId(token));
  });

  it('is recorded ten times a minute, whoever asks how often', async () => {
    const before = (await denials()).length;
    for (let count = 0; count < 12; count += 1) await admin.get(`unknown-${count}`, path);
    expect(await denials()).toHaveLength(before + 10);
    app.clock.advance(59_999);
    await admin.get('unknown', path);
    expect(await denials()).toHaveLength(before + 10);
    app.clock.advance(1);
    await admin.get('unknown', path);
    expect(await denials()).toHaveLength(before + 11);
  });
});
