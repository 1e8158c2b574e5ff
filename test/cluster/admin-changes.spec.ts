import { FastHasher } from '../provisioning/fast-hasher.js';
import type { AdminTestApp } from '../support/admin.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { ask } from '../support/exchange.js';

/** How long a node may answer by what it knew before, in milliseconds. */
const boundMs = 5_000;

const registered = configuration({
  '/': {
    clients: [
      client({ client_id: 'write', scopes: ['admin'], default_scopes: ['admin'], administer: 'write' }),
      client({ client_id: 'app', scopes: ['read'], default_scopes: ['read'] }),
    ],
    users: [{ username: 'ann', password: 'a password' }],
  },
});

(onServer ? describe : describe.skip)('what the operator’s listener of one node has changed', () => {
  let database: TestDatabase;
  let nodes: TestApp[];
  let admin: AdminTestApp;
  let token: string;

  beforeAll(async () => {
    database = await createDatabase();
    const options = { hasher: new FastHasher(), settings: database.settings, configuration: registered };
    nodes = [await TestApp.start(options), await TestApp.start(options)];
    admin = await nodes[0].admin();
    token = await admin.token({ clientId: 'write', scope: ['admin'] });
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await database.drop();
  });

  /** A token of ann, of which each node has made itself a copy. The node that has made the changes knows them at once. */
  async function copied(): Promise<string> {
    const form = { grant_type: 'password', username: 'ann', password: 'a password', scope: 'read' };
    const credentials = { client_id: 'app', client_secret: 'app-secret' };
    const body = new URLSearchParams({ ...form, ...credentials }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await ask(nodes[0], { path: '/oauth2/access_token', body, headers });
    const { access_token: issued } = JSON.parse(answer.body) as { access_token: string };
    for (const node of nodes) expect(await statusOf(node, issued)).toBe(200);
    return issued;
  }

  async function statusOf(node: TestApp, issued: string): Promise<number> {
    const headers = { authorization: `Bearer ${issued}` };
    return (await ask(node, { method: 'GET', path: '/oauth2/tokeninfo', headers })).status;
  }

  /** Expects it to be refused at once where it ended, and soon at the other node. */
  async function expectDead(issued: string): Promise<void> {
    expect(await statusOf(nodes[0], issued)).toBe(401);
    const from = performance.now();
    while ((await statusOf(nodes[1], issued)) !== 401) {
      expect(performance.now() - from).toBeLessThan(boundMs);
    }
  }

  function patch(path: string, members: object) {
    const headers = { 'content-type': 'application/json', 'if-match': '*' };
    return admin.ask(token, { method: 'PATCH', path, body: JSON.stringify(members), headers });
  }

  it('ends a token by its value', async () => {
    const issued = await copied();
    expect((await admin.post(token, '/admin/v1/tokens/revoke', { token: issued })).status).toBe(200);
    await expectDead(issued);
  });

  it('ends the tokens of a user', async () => {
    const issued = await copied();
    expect((await admin.ask(token, { path: '/admin/v1/users/ann/revoke', body: '' })).status).toBe(200);
    await expectDead(issued);
  });

  it.each(['clients/app', 'users/ann'])('disables %s', async (path) => {
    const issued = await copied();
    expect((await patch(`/admin/v1/${path}`, { enabled: false })).status).toBe(200);
    await expectDead(issued);
    expect((await patch(`/admin/v1/${path}`, { enabled: true })).status).toBe(200);
    expect(await statusOf(nodes[1], issued)).toBe(401);
  });

  it('ends the tokens of a realm, that of its administrator too', async () => {
    const issued = await copied();
    expect((await admin.ask(token, { path: '/admin/v1/realms/%2F/revoke', body: '' })).status).toBe(200);
    await expectDead(issued);
    expect((await admin.get(token, '/admin/v1/caller')).status).toBe(401);
  });
});
