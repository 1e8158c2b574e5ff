import { ChangeFeed } from '../../src/domain/change-feed.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { beat, restoreHeartbeats, stopHeartbeats } from '../support/heartbeats.js';
import { ListeningWire } from '../support/listening-wire.js';
import { lifeConfiguration, TokenLife } from '../support/token-life.js';
import { askForgeRock } from '../support/tokeninfo.js';
import { Wire } from '../support/wire.js';

if (!onServer) console.warn('TEST_DATABASE_URL names no PostgreSQL: the tests of two servers are SKIPPED.');

const keyspace = sharedKeyspace();

(onServer ? describe : describe.skip)('two servers with caches', () => {
  let database: TestDatabase;
  /** Between both servers and PostgreSQL. */
  let wire: Wire;
  /** Between the second server and that wire. */
  let changes: ListeningWire;
  let one: TokenLife;
  let other: TokenLife;

  beforeAll(async () => {
    stopHeartbeats();
    database = await createDatabase();
    wire = await Wire.to({ url: database.settings.DATABASE_URL });
    const { url } = wire.through({ url: database.settings.DATABASE_URL });
    changes = await ListeningWire.to(url);
    const start = async (DATABASE_URL: string) => {
      const settings = { ...keyspace.settings, DATABASE_URL };
      return new TokenLife(
        await TestApp.start({ settings, configuration: lifeConfiguration(), hasher: new FastHasher() }),
      );
    };
    one = await start(url);
    other = await start(changes.url);
  });
  afterAll(async () => {
    await other?.stop();
    await one?.stop();
    restoreHeartbeats();
    await changes?.close();
    await wire?.close();
    await database?.drop();
  });

  const feedOf = ({ app }: TokenLife) => app.nest.get(ChangeFeed);

  /** Resolves when a server uses its copies. */
  async function current(life: TokenLife): Promise<void> {
    const feed = feedOf(life);
    if (feed.isCurrent(life.app.clock.elapsed())) return;
    const again = new Promise<void>((resolve) => {
      feed.subscribe((change) => change === 'everything' && resolve());
    });
    // No heartbeat comes by itself, and the clock may have gone on since the last one.
    beat();
    await again;
  }

  /** Resolves when the other server has been told of all that has changed so far. */
  async function inStep(): Promise<void> {
    const told = new Promise<void>((resolve) => {
      feedOf(other).subscribe((change) => typeof change === 'object' && 'realm' in change && resolve());
    });
    await one.app.apply(configuration({ '/mark': { auth_level: Math.floor(performance.now()) } }));
    await told;
  }

  async function status({ app }: TokenLife, token: string): Promise<number> {
    return (await askForgeRock(app, token)).status;
  }

  /** A pair whose access token both servers have a copy of. */
  async function copied() {
    await Promise.all([current(one), current(other)]);
    const pair = await one.login();
    for (const life of [one, other]) expect(await status(life, pair.access)).toBe(200);
    return pair;
  }

  it.each(['access', 'refresh'] as const)(
    'refuse a token whose revocation (of its %s token) one confirmed',
    async (kind) => {
      const pair = await copied();
      expect(await one.revoke(pair[kind])).toMatchObject({ status: 200 });
      expect(await status(one, pair.access)).toBe(401);
      await inStep();
      expect(await status(other, pair.access)).toBe(401);
    },
  );

  it('refuse the tokens of a family whose refresh token was reused at one of them', async () => {
    const pair = await copied();
    const { access } = await other.refreshed(pair.refresh);
    for (const life of [one, other]) expect(await status(life, access)).toBe(200);
    for (const { app } of [one, other]) app.clock.advance(4_000);
    beat();
    one.app.clock.advance(60_000);
    expect(await one.refresh(pair.refresh)).toMatchObject({ status: 400 });
    await inStep();
    for (const token of [pair.access, access]) {
      for (const life of [one, other]) expect(await status(life, token)).toBe(401);
    }
  });

  it('refuse a token 5 s after its revocation where one of them hears of no changes', async () => {
    const pair = await copied();
    changes.freeze();
    expect(await one.revoke(pair.access)).toMatchObject({ status: 200 });
    expect(await status(one, pair.access)).toBe(401);
    other.app.clock.advance(4_999);
    expect(await status(other, pair.access)).toBe(200);
    other.app.clock.advance(1);
    expect(await status(other, pair.access)).toBe(401);
    changes.restore();
    beat();
  });

  it('answer 503 for a token whose revocation met no PostgreSQL, 5 s later at the latest', async () => {
    const pair = await copied();
    const feed = feedOf(one);
    const publish = feed.publish.bind(feed);
    feed.publish = async (...told) => {
      feed.publish = publish;
      wire.hang();
      return publish(...told);
    };
    expect(await one.revoke(pair.access)).toMatchObject({ status: 503 });
    for (const { app } of [one, other]) app.clock.advance(5_000);
    for (const life of [one, other]) expect(await status(life, pair.access)).toBe(503);
    await wire.restore();
    beat();
    for (const life of [one, other]) {
      while ((await status(life, pair.access)) === 503);
      expect(await status(life, pair.access)).toBe(401);
    }
  });
});
