import { copyToCluster } from '../../src/app/token-copy.js';
import { AuditLog } from '../../src/domain/audit.js';
import { maxRetries } from '../../src/domain/refresh-token.js';
import { tester } from '../support/audit.js';
import { createKeyspace } from '../support/cassandra.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { invalidRefreshToken, type Pair, TokenLife } from '../support/token-life.js';

const keyspace = createKeyspace();

let database: TestDatabase;
let life: TokenLife;
let before: Record<'unused' | 'used' | 'successor' | 'graceful' | 'revoked', Required<Pair>>;

/** Logs in while the database keeps the tokens; then starts a server whose tokens are in Cassandra, and copies. */
beforeAll(async () => {
  database = await createDatabase();
  const old = await TokenLife.start({ settings: database.settings });
  const [unused, used, revoked] = [await old.login(), await old.login(), await old.login()];
  const graceful = await old.login('graceful');
  before = { unused, used, revoked, graceful, successor: await old.refreshed(used.refresh) };
  for (let use = 0; use < 2; use += 1) await old.refreshed(graceful.refresh, 'graceful');
  await old.revoke(revoked.refresh);
  await old.stop();
  life = await TokenLife.start({
    settings: { ...database.settings, ...keyspace.settings },
  });
  // The nodes' cache must drop that there are no such tokens.
  expect(await life.live(unused.access)).toEqual([false]);
  await copy();
});

afterAll(async () => {
  await life.stop();
  await keyspace.drop();
  await database.drop();
});

async function copy(): Promise<void> {
  await copyToCluster(life.app.nest).run('cassandra', tester, () => {});
}

it('nobody is logged out, and nobody who was is logged in', async () => {
  const { unused, used, successor, revoked } = before;
  expect(await life.live(unused.access, used.access, successor.access)).toEqual([true, true, true]);
  expect(await life.live(revoked.access)).toEqual([false]);
  expect(await life.refresh(revoked.refresh)).toMatchObject(invalidRefreshToken);
  const next = await life.refreshed(unused.refresh);
  await copy();
  expect(await life.live(next.access)).toEqual([true]);
  expect(await life.refresh(unused.refresh)).toMatchObject(invalidRefreshToken);
  expect(await life.live((await life.refreshed(next.refresh)).access)).toEqual([true]);
});

it('a client that retries is forgiven as often as it would have been', async () => {
  const { refresh } = before.graceful; // One retry was accepted before the copy.
  for (let retry = 2; retry <= maxRetries; retry += 1) await life.refreshed(refresh, 'graceful');
  expect(await life.refresh(refresh, 'graceful')).toMatchObject(invalidRefreshToken);
});

it('a refresh token that was used before the copy, and is presented again, ends its family', async () => {
  const { used, successor } = before;
  life.app.clock.advance(60_000);
  expect(await life.refresh(used.refresh)).toMatchObject(invalidRefreshToken);
  expect(await life.live(used.access, successor.access)).toEqual([false, false]);
  expect(await life.refresh(successor.refresh)).toMatchObject(invalidRefreshToken);
  await copy();
  expect(await life.live(used.access, successor.access)).toEqual([false, false]);
  expect(await life.refresh(successor.refresh)).toMatchObject(invalidRefreshToken);
});

it('each run that changes something is one event', async () => {
  const query = { within: '/', action: 'tokens.copied', limit: 10 };
  const events = await life.app.nest.get(AuditLog).list(query);
  const changes = {
    to: 'cassandra',
    ...{ families: 4, refresh_tokens: 7, access_tokens: 7, revoked: 0, used: 0 },
  };
  expect(events).toEqual([expect.objectContaining({ actor: tester, changes })]);
});
