import { AuditLog } from '../../src/domain/audit.js';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { type AppBehindWire, startBehindWire } from '../support/app-behind-wire.js';
import { sharedKeyspace } from '../support/cassandra.js';
import { invalidRefreshToken, lifeConfiguration, TokenLife } from '../support/token-life.js';
import { askForgeRock } from '../support/tokeninfo.js';

const keyspace = sharedKeyspace();
let started: AppBehindWire;
let life: TokenLife;

beforeAll(async () => {
  started = await startBehindWire({
    settings: keyspace.settings,
    configuration: lifeConfiguration(),
    hasher: new FastHasher(),
  });
  life = new TokenLife(started.app);
});
afterAll(async () => {
  await started.stop();
});

/** Takes PostgreSQL away when the next revocation is to be told to all servers: the cluster has it by then. */
function awayWhenToldOf(): void {
  const feed = started.app.nest.get(ChangeFeed);
  const publish = feed.publish.bind(feed);
  feed.publish = async (...told) => {
    feed.publish = publish;
    await started.database.refuse();
    return publish(...told);
  };
}

/** The status of an access token's information. */
async function inspected(token: string): Promise<number> {
  return (await askForgeRock(started.app, token)).status;
}

/** The events of families whose refresh token was reused. */
async function reuses(): Promise<unknown[]> {
  const log = started.app.nest.get(AuditLog);
  return log.list({ within: '/', action: 'family.reuse', limit: 10 });
}

describe('a revocation of which the other servers could not be told', () => {
  it.each(['access', 'refresh'] as const)(
    '(of an %s token) is not confirmed until they are',
    async (kind) => {
      const pair = await life.login();
      expect(await inspected(pair.access)).toBe(200);
      awayWhenToldOf();
      expect(await life.revoke(pair[kind])).toMatchObject({ status: 503 });
      expect(await inspected(pair.access)).toBe(503);
      expect(await life.revoke(pair[kind])).toMatchObject({ status: 503 });
      await started.database.restore();
      expect(await life.revoke(pair[kind])).toMatchObject({ status: 200 });
      expect(await inspected(pair.access)).toBe(401);
      expect(await life.refresh(pair.refresh)).toMatchObject({ status: kind === 'refresh' ? 400 : 200 });
    },
  );

  it('is finished by who comes with a reused token again, and its event is recorded once', async () => {
    const before = await reuses();
    const first = await life.login();
    const second = await life.refreshed(first.refresh);
    expect(await inspected(second.access)).toBe(200);
    started.app.clock.advance(60_000);
    awayWhenToldOf();
    expect(await life.refresh(first.refresh)).toMatchObject({ status: 503 });
    await started.database.restore();
    expect(await reuses()).toEqual(before);
    for (let time = 0; time < 2; time += 1) {
      expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
      expect(await life.live(first.access, second.access)).toEqual([false, false]);
      expect(await life.refresh(second.refresh)).toEqual(invalidRefreshToken);
      expect(await reuses()).toHaveLength(before.length + 1);
    }
    expect(await reuses()).toContainEqual(
      expect.objectContaining({ action: 'family.reuse', realm: '/', name: 'app' }),
    );
  });
});
