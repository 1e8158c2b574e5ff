import { setTimeout as delay } from 'node:timers/promises';
import { client, configuration } from '../support/configuration.js';
import { embeddedFolder, onServer } from '../support/database.js';
import { isDead, Nodes, tokenInfo } from '../support/nodes.js';
import { ServerProcess } from '../support/server-process.js';

/** A long name, mostly of characters of several bytes: a notification must carry all of it. */
const username = 'Ζωή 😀'.repeat(20);
const password = 'a password';
const machine = { grant_type: 'client_credentials' };
const zoe = { grant_type: 'password', username, password };

function file(fields: { readonly client?: object; readonly zoe?: object }): string {
  const users = [{ username, password, ...fields.zoe }];
  return configuration({ '/': { clients: [client(fields.client)], users } });
}

// A PostgreSQL server notifies our server, whichever process makes a change.
(onServer ? describe.skip : describe)('a server whose embedded database a command has joined', () => {
  let nodes: Nodes;
  let server: ServerProcess;

  beforeAll(async () => {
    nodes = await Nodes.on({ DATA_DIR: await embeddedFolder() });
    await nodes.apply(file({}));
    // A server that knows of a token of another form looks up every value, whatever its form.
    await nodes.import(foreign('first'));
    await nodes.start(1, file({}));
    [server] = nodes.servers;
  });
  afterAll(() => ServerProcess.endAll());

  function foreign(token: string): object {
    return { token, client_id: 'app', scope: 'read', expires_at: '2090-01-01T00:00:00Z' };
  }

  /** Has a token issued, and looks it up, so that the server has it in its cache. */
  async function copied(form: Readonly<Record<string, string>>): Promise<string> {
    const { access } = await nodes.grant(server, form);
    expect(await tokenInfo(server, access)).toMatchObject({ status: 200 });
    return access;
  }

  /** Resolves when the condition holds; one that never does fails the test by its time limit. */
  async function soon(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await delay(10);
  }

  it('knows what symbolon apply has changed', async () => {
    const tokens = [await copied(machine), await copied(zoe)];
    await nodes.apply(file({ zoe: { enabled: false } }));
    await soon(() => isDead(server, tokens[1]));
    expect(await isDead(server, tokens[0])).toBe(false);
    await nodes.apply(file({ client: { enabled: false } }));
    await soon(() => isDead(server, tokens[0]));
  });

  it('knows what symbolon import has added', async () => {
    await nodes.apply(file({}));
    expect(await isDead(server, 'second')).toBe(true);
    await nodes.import(foreign('second'));
    await soon(async () => !(await isDead(server, 'second')));
  });
});
