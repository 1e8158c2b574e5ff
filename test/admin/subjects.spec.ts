import { AdminTokenIssuer } from '../../src/domain/admin-token.js';
import { AuditLog } from '../../src/domain/audit.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { argon2id } from '../provisioning/files.js';
import { adminConfiguration, type AdminTestApp, expectProblem } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { SubjectRoutes } from '../support/subject-routes.js';
import { TokenLife } from '../support/token-life.js';

let app: TestApp;
let admin: AdminTestApp;
let root: SubjectRoutes;
let alpha: SubjectRoutes;

beforeAll(async () => {
  app = await TestApp.start({ configuration: adminConfiguration(), hasher: new FastHasher() });
  admin = await app.admin();
  const writer = { clientId: 'write', scope: ['admin'] };
  root = new SubjectRoutes(app, admin, await admin.token(writer));
  alpha = new SubjectRoutes(app, admin, await admin.token({ ...writer, realm: '/alpha' }));
});
afterAll(() => app.stop());

const etag = (value: unknown) => `"${String(value)}"`;

/** Members of a client that gets tokens for itself. */
const forItself = { grant_types: ['client_credentials'], scopes: ['a'], default_scopes: ['a'] };

/** Asks the token endpoint for a token of a client. */
function requestToken(realm: string, clientId: string, secret: string) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
  return new TokenLife(app).post(`/oauth2${realm}/access_token`, form);
}

describe('a client', () => {
  it('is added with a generated secret, which is shown this once', async () => {
    const members = {
      client_id: 'made',
      grant_types: ['client_credentials'],
      scopes: ['a'],
      default_scopes: ['a'],
    };
    const created = await alpha.create('clients', members);
    expect(created.status).toBe(201);
    const { client_secret: secret, version } = created.json;
    expect(created.headers).toMatchObject({
      location: '/admin/v1/clients/made?realm=%2Falpha',
      etag: etag(version),
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    const shown = await alpha.get('clients/made');
    expect(shown.headers.etag).toBe(created.headers.etag);
    const at = new Date(app.clock.now()).toISOString();
    expect(shown.json).toEqual({
      realm: '/alpha',
      client_id: 'made',
      client_type: 'confidential',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      insecure_redirect_uris: false,
      pkce: 'required',
      consent: 'ask',
      origins: [],
      scopes: ['a'],
      default_scopes: ['a'],
      access_token_lifetime: 3600,
      refresh_token_lifetime: 43_200,
      refresh_token_max_lifetime: 2_592_000,
      refresh: 'new',
      refresh_retry: 'strict',
      introspect: 'own',
      administer: 'none',
      lenient_authentication: false,
      additional_information: {},
      additional_parameters: [],
      attributes: {},
      enabled: true,
      created_at: at,
      updated_at: at,
      version,
    });
    expect({ ...shown.json, client_secret: secret }).toEqual(created.json);
    expect((await requestToken('/alpha', 'made', String(secret))).status).toBe(200);
  });

  it('is added with a secret or hash of one’s own, which is not shown; a public one has none', async () => {
    for (const own of [
      { client_secret: 'my-own-secret' },
      { client_secret_hash: argon2id },
      { client_type: 'public' },
    ]) {
      const client_id = `own-${Object.keys(own)[0]}`;
      const { status, json } = await alpha.create('clients', { client_id, ...own });
      expect([status, json.client_secret, json.client_secret_hash]).toEqual([201, undefined, undefined]);
    }
  });

  it('is recorded with the caller, the correlation id and the address', async () => {
    await alpha.create('clients', { client_id: 'recorded', client_name: 'Recorded' });
    const [event] = await app.nest.get(AuditLog).list({ within: '/', name: 'recorded', limit: 1 });
    expect(event).toMatchObject({
      action: 'client.created',
      realm: '/alpha',
      actor: {
        kind: 'token',
        name: 'write',
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        address: expect.stringMatching(/127\.0\.0\.1$/) as string,
      },
      changes: expect.objectContaining({ client_name: { new: 'Recorded' } }) as object,
    });
  });

  it('is there already: 409; its realm is not: 404', async () => {
    expectProblem(await alpha.create('clients', { client_id: 'read' }), 409, 'conflict');
    expectProblem(await alpha.create('clients?realm=/alpha/none', { client_id: 'x' }), 404, 'not-found');
    expectProblem(await alpha.create('clients?realm=/alphabet', { client_id: 'x' }), 404, 'not-found');
  });

  it.each<[object, string, string]>([
    [{}, '/client_id', 'is missing'],
    [{ client_id: 'x', color: 'red' }, '', 'has an unknown member'],
    [{ client_id: 'x', realm: '/' }, '', 'has an unknown member'],
    [{ client_id: 'x', scopes: null }, '/scopes', 'has no value'],
    [{ client_id: 'x', scopes: ['a', 'b c'] }, '/scopes/1', 'must be a scope token (RFC 6749 §3.3)'],
    [{ client_id: 'x', default_scopes: ['a'] }, '/default_scopes/0', 'is not one of scopes'],
    [{ client_id: 'x', enabled: 'yes' }, '/enabled', 'must be true or false'],
    [{ client_id: 'x', attributes: { mail: 1 } }, '/attributes', 'must be text: put it in quotes'],
    [{ client_id: 'x', attributes: { mail: ['a', 1] } }, '/attributes', 'must be text: put it in quotes'],
    [{ client_id: 'x', attributes: ['a'] }, '/attributes', 'must be a mapping'],
    [
      { client_id: 'x', additional_information: { '~/': {} } },
      '/additional_information',
      'must be text: put it in quotes',
    ],
    [
      { client_id: 'x', state: 'absent' },
      '/state',
      'cannot be set: a subject is removed by a request of its own',
    ],
    [
      { client_id: 'x', client_type: 'public', client_secret: 's' },
      '/client_secret',
      'a public client has no secret',
    ],
    [
      { client_id: 'x', client_secret: 's', client_secret_hash: argon2id },
      '/client_secret_hash',
      'cannot stand beside client_secret',
    ],
  ])('with members like %j is refused by a pointer', async (members, pointer, detail) => {
    const problem = expectProblem(await root.create('clients', members), 400, 'bad-request');
    expect(problem.errors).toEqual([{ pointer, detail }]);
  });

  it('is refused with all of its problems at once', async () => {
    const { errors } = expectProblem(
      await root.create('clients', { grant_types: ['x'], access_token_lifetime: 1 }),
      400,
      'bad-request',
    );
    expect((errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
      '/access_token_lifetime',
      '/client_id',
      '/grant_types/0',
    ]);
  });

  it('that may introspect all tokens is added in the root realm’s name alone', async () => {
    const members = { client_id: 'inspector', introspect: 'all' };
    const problem = expectProblem(await alpha.create('clients', members), 403, 'not-allowed');
    expect(problem.errors).toEqual([
      { pointer: '/introspect', detail: 'all can be given in the root realm alone' },
    ]);
    expect((await root.create('clients?realm=/alpha', members)).status).toBe(201);
    // It stays what it is while others of its members change.
    expect((await alpha.patch('clients/inspector', { description: 'all' })).status).toBe(200);
    expectProblem(await alpha.patch('clients/inspector', { client_type: 'public' }), 403, 'not-allowed');
    expect((await alpha.patch('clients/inspector', { introspect: 'own' })).status).toBe(200);
    expectProblem(await alpha.patch('clients/inspector', { introspect: 'all' }), 403, 'not-allowed');
  });
});

describe('a patch', () => {
  it('changes what it names, and leaves the rest; null stands for the default', async () => {
    await root.create('clients', {
      client_id: 'patched',
      description: 'old',
      scopes: ['a', 'b'],
      access_token_lifetime: 60,
      attributes: { keep: 'k', drop: ['d'] },
      additional_information: { z: '1', 12: '2' },
    });
    const before = (await root.get('clients/patched')).json;
    app.clock.advance(1000);
    const { status, headers, json } = await root.patch('clients/patched', {
      description: 'new',
      scopes: ['c'],
      access_token_lifetime: null,
      attributes: { drop: null, add: 'a' },
      client_name: null,
    });
    expect([status, headers.etag]).toEqual([200, etag(json.version)]);
    expect(json).toEqual({
      ...before,
      description: 'new',
      scopes: ['c'],
      access_token_lifetime: 3600,
      attributes: { keep: ['k'], add: ['a'] },
      updated_at: new Date(app.clock.now()).toISOString(),
      version: json.version,
    });
    expect(json.version).not.toBe(before.version);
    expect(await root.actions('/', 'patched')).toEqual(['client.created', 'client.updated']);
  });

  it('of nothing changes nothing, and leaves no event', async () => {
    const { json } = await root.get('clients/none');
    const answer = await root.patch('clients/none', { client_id: 'none', enabled: true });
    expect([answer.status, answer.json]).toEqual([200, json]);
    expect(await root.actions('/', 'none')).toEqual(['client.created']);
  });

  it('that disables ends the tokens at once, and enabling revives none', async () => {
    const secret = (
      await root.create('clients', {
        client_id: 'off',
        grant_types: ['client_credentials'],
        scopes: ['admin:read'],
        default_scopes: ['admin:read'],
        administer: 'read',
      })
    ).json.client_secret;
    const { access_token } = JSON.parse((await requestToken('', 'off', String(secret))).body) as {
      access_token: string;
    };
    expect((await admin.get(access_token, '/admin/v1/audit')).status).toBe(200);
    expect((await root.patch('clients/off', { enabled: false })).status).toBe(200);
    expectProblem(await admin.get(access_token, '/admin/v1/audit'), 401, 'invalid-token');
    expect((await root.patch('clients/off', { enabled: true })).status).toBe(200);
    expectProblem(await admin.get(access_token, '/admin/v1/audit'), 401, 'invalid-token');
    expect(await root.actions('/', 'off')).toEqual(['client.created', 'client.disabled', 'client.enabled']);
  });

  it('never replaces a secret: a patched client still has its own', async () => {
    const { json } = await root.create('clients', { client_id: 'kept', ...forItself });
    expect((await root.patch('clients/kept', { description: 'x' })).json).not.toHaveProperty('client_secret');
    expect((await requestToken('', 'kept', String(json.client_secret))).status).toBe(200);
  });

  it('that makes a client confidential shows a generated secret', async () => {
    await root.create('clients', { client_id: 'turned', client_type: 'public' });
    const { json } = await root.patch('clients/turned', {
      client_type: 'confidential',
      ...forItself,
    });
    expect((await requestToken('', 'turned', String(json.client_secret))).status).toBe(200);
    expect(
      (await root.patch('clients/turned', { client_type: 'public', grant_types: null })).json,
    ).not.toHaveProperty('client_secret');
  });

  it('changes the client of admin tokens, which has no secret', async () => {
    const actor = { kind: 'cli', name: 'root' } as const;
    await app.nest.get(AdminTokenIssuer).issue({ realm: '/', right: 'read', lifetime: 60, actor });
    const { status, json } = await root.patch('clients/symbolon-admin', { description: 'x' });
    expect([status, json.description, json.client_secret]).toEqual([200, 'x', undefined]);
  });

  it.each<[string, object, string, string]>([
    ['clients/read', { client_id: 'other' }, '/client_id', 'cannot be changed'],
    ['clients/read', { client_id: null }, '/client_id', 'cannot be changed'],
    [
      'clients/read',
      { client_secret: 's' },
      '/client_secret',
      'cannot be changed here: use the secrets of the client',
    ],
    [
      'clients/read',
      { client_secret_hash: null },
      '/client_secret_hash',
      'cannot be changed here: use the secrets of the client',
    ],
    [
      'clients/read',
      { state: 'absent' },
      '/state',
      'cannot be set: a subject is removed by a request of its own',
    ],
    ['clients/read', { color: null }, '', 'has an unknown member'],
    ['clients/read', { version: 'x' }, '', 'has an unknown member'],
    ['clients/read', { __proto__x: 1 }, '', 'has an unknown member'],
    ['users/ann', { username: 'bob' }, '/username', 'cannot be changed'],
    ['users/ann', { password: 'x' }, '/password', 'cannot be changed here: use the password of the user'],
    ['realms/%2Falpha', { name: '/beta' }, '/name', 'cannot be changed'],
    ['realms/%2Falpha', { clients: [] }, '/clients', 'cannot be set here: each client is added by itself'],
    ['realms/%2Falpha', { users: [] }, '/users', 'cannot be set here: each user is added by itself'],
    ['realms/%2Falpha', { auth_level: -1 }, '/auth_level', 'must be a whole number from 0 to 2147483647'],
    ['realms/%2Falpha', { pages: { accent: 'red' } }, '/pages/accent', 'must be a colour like #0055aa'],
    [
      'realms/%2Falpha',
      { pages: { scopes: { mail: { en: 1 } } } },
      '/pages/scopes',
      'must be text: put it in quotes',
    ],
  ])('of %s like %j is refused by a pointer', async (path, patch, pointer, detail) => {
    const { errors } = expectProblem(await root.patch(path, patch), 400, 'bad-request');
    expect(errors).toEqual([{ pointer, detail }]);
  });

  it.each(['text/plain', 'application/json-patch+json', 'application/merge-patch+json, application/json'])(
    'as %s is 415, which names the media types',
    async (type) => {
      const answer = await admin.ask(root.token, {
        method: 'PATCH',
        path: '/admin/v1/clients/read',
        headers: { 'content-type': type, 'if-match': '*' },
        body: '{}',
      });
      expectProblem(answer, 415, 'unsupported-media-type');
      expect(answer.headers['accept-patch']).toBe('application/merge-patch+json, application/json');
    },
  );
});

describe('If-Match', () => {
  it('is needed for what would overwrite', async () => {
    expectProblem(await root.send('PATCH', 'clients/none', undefined, {}), 428, 'precondition-required');
    expectProblem(await root.send('DELETE', 'clients/none', undefined), 428, 'precondition-required');
  });

  it('of another version is 412, which names the stored one', async () => {
    const { headers, json } = await root.get('users/ann');
    for (const [method, path, body] of [
      ['PATCH', 'users/ann', {}],
      ['DELETE', 'users/ann', undefined],
      ['POST', 'users/ann/revoke', undefined],
      ['PUT', 'users/ann/password', { password: 'x' }],
    ] as const) {
      const answer = await admin.ask(root.token, {
        method,
        path: `/admin/v1/${path}`,
        headers: { 'if-match': '"old"', ...(body ? { 'content-type': 'application/json' } : {}) },
        body: body && JSON.stringify(body),
      });
      expect(expectProblem(answer, 412, 'stale').version).toBe(json.version);
      expect(answer.headers.etag).toBe(headers.etag);
    }
  });

  it.each(['W/"x"', 'x', '"x', '""', '"a", "b"', '*, "a"', '"a b"'])('%s is refused', async (match) => {
    expectProblem(await root.send('PATCH', 'clients/none', match, {}), 400, 'bad-request');
  });

  it('lets one of 50 patches of a version through', async () => {
    await root.create('users', { username: 'contended', password: 'x' });
    const { headers } = await root.get('users/contended');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        root.patch('users/contended', { attributes: { index: String(index) } }, headers.etag),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(49);
    expect(await root.actions('/', 'contended')).toEqual(['user.created', 'user.updated']);
  });
});

describe('a user', () => {
  it('is added with a password, and gets another one, which ends the tokens', async () => {
    const created = await root.create('users', {
      username: 'eve',
      password: 'first',
      attributes: { mail: 'e@x' },
    });
    expect([created.status, created.headers.location]).toEqual([201, '/admin/v1/users/eve?realm=%2F']);
    expect(created.json).toEqual({
      realm: '/',
      username: 'eve',
      attributes: { mail: ['e@x'] },
      enabled: true,
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
      version: expect.any(String) as string,
    });
    const login = (password: string) =>
      new TokenLife(app).post('/oauth2/access_token', {
        grant_type: 'password',
        client_id: 'read',
        client_secret: 'app-secret',
        username: 'eve',
        password,
        scope: 'other',
      });
    expect((await login('first')).status).toBe(200);
    const changed = await root.put('users/eve/password', { password: 'second' });
    expect(changed.status).toBe(200);
    expect(changed.json.version).not.toBe(created.json.version);
    expect((await login('first')).status).toBe(400);
    expect((await login('second')).status).toBe(200);
    expect(await root.actions('/', 'eve')).toEqual(['user.created', 'user.password_changed']);
    expect((await root.put('users/eve/password', { password_hash: argon2id })).status).toBe(200);
  });

  it.each<[object, string, string]>([
    [{}, '/password', 'is missing: give password or password_hash'],
    [{ password: 'a', password_hash: argon2id }, '/password_hash', 'cannot stand beside password'],
    [{ password: 'a', enabled: true }, '', 'has an unknown member'],
    [{ password: 1 }, '/password', 'must be text: put it in quotes'],
    [{ password: '' }, '/password', 'must not be empty'],
    [{ password: null }, '/password', 'has no value'],
  ])('gets no password by %j', async (members, pointer, detail) => {
    const { errors } = expectProblem(await root.put('users/ann/password', members), 400, 'bad-request');
    expect(errors).toEqual([{ pointer, detail }]);
  });

  it('without a password is refused', async () => {
    const { errors } = expectProblem(await root.create('users', { username: 'x' }), 400, 'bad-request');
    expect(errors).toEqual([
      { pointer: '/password', detail: 'is missing: a new user needs password or password_hash' },
    ]);
  });

  it('whose name is another one where names are folded is refused', async () => {
    await root.create('realms', { name: '/folding', usernames: 'fold' });
    await root.create('users?realm=/folding', { username: 'Zoe', password: 'x' });
    const answer = await root.create('users?realm=/folding', { username: 'zoe', password: 'x' });
    expect(expectProblem(answer, 400, 'bad-request').errors).toEqual([
      { pointer: '/username', detail: 'is that of another user where user names are folded' },
    ]);
    await root.create('realms', { name: '/exact' });
    for (const username of ['Zoe', 'zoe'])
      await root.create('users?realm=/exact', { username, password: 'x' });
    const patched = await root.patch('realms/%2Fexact', { usernames: 'fold' });
    expect(expectProblem(patched, 400, 'bad-request').errors).toEqual([
      { pointer: '/usernames', detail: 'cannot be fold: two user names are one where they are folded' },
    ]);
  });
});

describe('ending tokens', () => {
  it.each([
    ['clients/read?realm=/alpha', '/clients/read/revoke?realm=/alpha', 'client'],
    ['realms/%2Falpha', '/realms/%2Falpha/revoke', 'realm'],
  ])('of %s ends them all, and leaves it as it is', async (show, revoke, kind) => {
    const before = (await root.get(show)).json;
    const token = await admin.token({ realm: '/alpha' });
    app.clock.advance(1000);
    const answer = await root.send('POST', revoke.slice(1), undefined);
    expect(answer.status).toBe(200);
    expect({ ...answer.json, updated_at: 0, version: 0 }).toEqual({ ...before, updated_at: 0, version: 0 });
    expectProblem(await admin.get(token, '/admin/v1/audit'), 401, 'invalid-token');
    const actions = await root.actions('/alpha', kind === 'realm' ? undefined : 'read');
    expect(actions.at(-1)).toBe(`${kind}.tokens_ended`);
    const writer = { clientId: 'write', scope: ['admin'], realm: '/alpha' };
    alpha = new SubjectRoutes(app, admin, await admin.token(writer));
  });
});

describe('removing', () => {
  it('takes a client or user with its tokens', async () => {
    await root.create('users', { username: 'gone', password: 'x' });
    const { headers } = await root.get('users/gone');
    const removed = await root.send('DELETE', 'users/gone', headers.etag);
    expect([removed.status, removed.body]).toEqual([204, '']);
    expectProblem(await root.get('users/gone'), 404, 'not-found');
    expectProblem(await root.send('DELETE', 'users/gone', '*'), 404, 'not-found');
    expect(await root.actions('/', 'gone')).toEqual(['user.created', 'user.deleted']);
  });

  it('a realm needs it empty, or recursive=true; the root realm stays', async () => {
    await root.create('realms', { name: '/full' });
    await root.create('users?realm=/full', { username: 'u', password: 'x' });
    await root.create('realms', { name: '/full/below' });
    expectProblem(await root.send('DELETE', 'realms/%2Ffull', '*'), 409, 'conflict');
    expectProblem(await root.send('DELETE', 'realms/%2Ffull?recursive=false', '*'), 409, 'conflict');
    expectProblem(await root.send('DELETE', 'realms/%2Ffull?recursive=yes', '*'), 400, 'bad-request');
    expect((await root.send('DELETE', 'realms/%2Ffull?recursive=true', '*')).status).toBe(204);
    expectProblem(await root.get('users/u?realm=/full'), 404, 'not-found');
    expect((await root.send('DELETE', 'realms/%2Ffull%2Fbelow', '*')).status).toBe(204);
    expectProblem(await root.send('DELETE', 'realms/%2F', '*'), 409, 'conflict');
    expectProblem(await root.send('DELETE', 'realms/%2F?recursive=true', '*'), 409, 'conflict');
  });
});

describe('a realm', () => {
  it('is added, shown and changed', async () => {
    const pages = { name: 'Acme', scopes: { mail: { en: 'your e-mail' } } };
    const created = await alpha.create('realms', { name: '/alpha/new', auth_level: 3, pages });
    expect([created.status, created.headers.location]).toEqual([201, '/admin/v1/realms/%2Falpha%2Fnew']);
    expect(created.json).toMatchObject({
      name: '/alpha/new',
      auth_level: 3,
      usernames: 'exact',
      pages,
      enabled: true,
    });
    const { json } = await alpha.patch('realms/%2Falpha%2Fnew', { pages: { name: null } });
    expect(json.pages).toEqual({ scopes: pages.scopes });
    expect((await alpha.patch('realms/%2Falpha%2Fnew', { pages: null })).json).not.toHaveProperty('pages');
  });

  it('outside the caller’s is not added, and is not found', async () => {
    for (const name of ['/', '/beta', '/alphabet/x']) {
      const { errors } = expectProblem(await alpha.create('realms', { name }), 403, 'not-allowed');
      expect(errors).toEqual([
        { pointer: '/name', detail: 'must be the path of your realm, or one below it' },
      ]);
    }
    for (const path of ['%2F', '%2Falphabet', '%2Falpha%2F', 'alpha', '%2Falpha%2Fnone', '%2F..']) {
      expectProblem(await alpha.get(`realms/${path}`), 404, 'not-found');
    }
  });
});

describe('lists', () => {
  beforeAll(async () => {
    await root.create('realms', { name: '/listed' });
    for (const [index, client_id] of ['b', 'a', 'ab', 'A', 'é', '\u{1F600}', '\uFFFD', 'a%'].entries()) {
      await root.create('clients?realm=/listed', {
        client_id,
        client_type: 'public',
        enabled: index % 2 === 0,
        grant_types: index < 2 ? ['password'] : [],
      });
    }
  });

  const ids = async (query: string) =>
    ((await root.get(`clients?realm=/listed${query}`)).json.items as { client_id: string }[]).map(
      ({ client_id }) => client_id,
    );

  it('are in the order of bytes, or the other way round', async () => {
    const all = ['A', 'a', 'a%', 'ab', 'b', 'é', '\uFFFD', '\u{1F600}'];
    expect(await ids('')).toEqual(all);
    expect(await ids('&sort=name')).toEqual(all);
    expect(await ids('&sort=-name')).toEqual(all.reverse());
  });

  it('are filtered', async () => {
    expect(await ids('&prefix=a')).toEqual(['a', 'a%', 'ab']);
    expect(await ids('&prefix=a%25')).toEqual(['a%']);
    expect(await ids('&enabled=true&prefix=a')).toEqual(['ab']);
    expect(await ids('&grant_type=password')).toEqual(['a', 'b']);
    expect(await ids('&prefix=none')).toEqual([]);
  });

  it.each(['', '&sort=-name'])('are walked page by page: %s', async (order) => {
    const walked: string[] = [];
    let cursor = '';
    do {
      const { json } = await root.get(`clients?realm=/listed&limit=3${order}${cursor}`);
      walked.push(...(json.items as { client_id: string }[]).map(({ client_id }) => client_id));
      cursor = json.next === undefined ? '' : `&cursor=${json.next as string}`;
    } while (cursor !== '');
    expect(walked).toEqual(await ids(order));
  });

  it('refuse each byte of a cursor that is flipped, and one with other filters', async () => {
    const { json } = await root.get('clients?realm=/listed&limit=3');
    const cursor = String(json.next);
    const bytes = Buffer.from(cursor, 'base64url');
    for (let place = 0; place < bytes.length; place++) {
      const flipped = Buffer.from(bytes);
      flipped[place] ^= 1 << (place % 8);
      const answer = await root.get(`clients?realm=/listed&cursor=${flipped.toString('base64url')}`);
      expectProblem(answer, 400, 'bad-request');
    }
    for (const query of [
      'clients?realm=/',
      'clients?realm=/listed&prefix=a',
      'users?realm=/listed',
      'clients?realm=/listed&sort=-name',
    ]) {
      const { errors } = expectProblem(
        await root.get(`${query}${query.includes('?') ? '&' : '?'}cursor=${cursor}`),
        400,
        'bad-request',
      );
      expect(errors).toEqual([{ parameter: 'cursor', detail: 'is not one of this list with these filters' }]);
    }
  });

  it('of realms show the caller’s and those below', async () => {
    const names = async (routes: SubjectRoutes, query = '') =>
      ((await routes.get(`realms${query}`)).json.items as { name: string }[]).map(({ name }) => name);
    expect(await names(alpha)).toEqual(['/alpha', '/alpha/beta', '/alpha/new']);
    expect(await names(root, '?under=/alpha&prefix=/alpha/b')).toEqual(['/alpha/beta']);
    expect(await names(root, '?prefix=/alphab')).toEqual(['/alphabet']);
    expectProblem(await alpha.get('realms?under=/'), 404, 'not-found');
    expectProblem(await alpha.get('realms?under=/alphabet'), 404, 'not-found');
  });

  it('never show a hash', async () => {
    for (const path of ['clients', 'users', 'realms', 'clients/read', 'users/ann']) {
      expect((await root.get(path)).body).not.toMatch(/_hash"|"client_secret"|"password":|argon2|sha256:/);
    }
  });
});

it('search finds realms, clients and users by the beginnings of their names', async () => {
  await root.create('clients?realm=/alpha/beta', {
    client_id: 'sought-1',
    client_name: 'Found by name',
    client_type: 'public',
  });
  await root.create('users?realm=/alphabet', { username: 'sought-2', password: 'x', enabled: false });
  const items = async (routes: SubjectRoutes, q: string) => (await routes.get(`search?q=${q}`)).json.items;
  expect(await items(root, 'sought')).toEqual([
    { kind: 'client', realm: '/alpha/beta', name: 'sought-1', title: 'Found by name', enabled: true },
    { kind: 'user', realm: '/alphabet', name: 'sought-2', enabled: false },
  ]);
  expect(await items(alpha, 'sought')).toHaveLength(1);
  expect(await items(alpha, 'Found%20by')).toHaveLength(1);
  for (const query of ['', '?q=', '?q=%00', '?q=a&q=b', `?q=${'a'.repeat(401)}`]) {
    expectProblem(await root.get(`search${query}`), 400, 'bad-request');
  }
});
