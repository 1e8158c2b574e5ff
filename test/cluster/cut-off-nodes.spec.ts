import { DataSource } from 'typeorm';
import { hashToken } from '../../src/domain/access-token.js';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import { hashGeneratedSecret } from '../../src/domain/secret.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { beat, restoreHeartbeats, stopHeartbeats } from '../support/heartbeats.js';
import { ListeningWire } from '../support/listening-wire.js';
import { members, postForm } from '../support/token-endpoint.js';
import { askForgeRock } from '../support/tokeninfo.js';

const credentials = { grant_type: 'client_credentials', ...appCredentials };
const connected = 'change feed connected: cache in use';
const down = 'change feed down: cache bypassed';

/** The client `app`, except as stated. */
function appIs(fields: Parameters<typeof client>[0] = {}): string {
  return configuration({ '/': { clients: [client(fields)] } });
}

// Two nodes share a database; there is one way to its changes that can fail.
(onServer ? describe : describe.skip)('a node that hears of no changes', () => {
  let database: TestDatabase;
  let wire: ListeningWire;
  /** The node that makes changes, and the one that should hear of them. */
  let writer: TestApp;
  let reader: TestApp;

  beforeEach(async () => {
    stopHeartbeats();
    database = await createDatabase();
    wire = await ListeningWire.to(database.settings.DATABASE_URL);
    writer = await TestApp.start({ settings: database.settings, configuration: appIs() });
  });
  afterEach(async () => {
    await reader.stop();
    await writer.stop();
    restoreHeartbeats();
    await wire.close();
    await database.drop();
  });

  async function startReader(): Promise<void> {
    reader = await TestApp.start({ settings: { DATABASE_URL: wire.url }, configuration: appIs() });
  }

  /** Starts the reader, and resolves when it uses its copies. */
  async function startListeningReader(): Promise<void> {
    await startReader();
    await hears(reader);
  }

  /** Resolves when a node uses its copies. */
  async function hears({ nest, clock }: TestApp): Promise<void> {
    const feed = nest.get(ChangeFeed);
    if (feed.isCurrent(clock.elapsed())) return;
    await new Promise<void>((resolve) => {
      feed.subscribe((change) => change === 'everything' && resolve());
    });
  }

  /** Resolves when a node has received all that the writer has changed so far. */
  async function inStep({ nest }: TestApp): Promise<void> {
    const told = new Promise<void>((resolve) => {
      nest
        .get(ChangeFeed)
        .subscribe((change) => typeof change === 'object' && 'realm' in change && resolve());
    });
    await writer.apply(configuration({ '/mark': {} }));
    await told;
  }

  /** A token from the writer. */
  async function issued(form: Readonly<Record<string, string>> = {}): Promise<string> {
    const answer = await postForm(writer, '/oauth2/token', { ...credentials, ...form });
    return members(answer).access_token;
  }

  /** A token from the writer that the reader has been asked for. */
  async function copied(): Promise<string> {
    const token = await issued();
    expect(await status(token)).toBe(200);
    return token;
  }

  /** Revokes a token at the writer. */
  async function revoke(token: string): Promise<void> {
    members(await postForm(writer, '/oauth2/token/revoke', { token, ...appCredentials }));
  }

  /** What the reader says of a token. */
  async function status(token: string): Promise<number> {
    return (await askForgeRock(reader, token)).status;
  }

  /** Sees that the reader knows what the database knows, and nothing else. */
  async function expectNoCopies(): Promise<void> {
    const token = await copied();
    await revoke(token);
    expect(await status(token)).toBe(401);
  }

  /** Sees that the reader keeps copies, by a change that nobody is told of. */
  async function expectCopies(): Promise<void> {
    const token = await copied();
    const sql = 'UPDATE access_token SET revoked = true WHERE hash = $1';
    await writer.nest.get(DataSource).query(sql, [hashToken(token)]);
    expect(await status(token)).toBe(200);
  }

  /** What the reader's log says of changes. */
  function logged(): unknown[] {
    const messages = reader.logged.map((line) => (JSON.parse(line) as { msg: unknown }).msg);
    return messages.filter((message) => message === connected || message === down);
  }

  it('uses its copies for 5 s, then asks the database alone, and begins anew when it hears again', async () => {
    await startListeningReader();
    const [revoked, another] = [await copied(), await copied()];
    const { listens } = wire;
    wire.freeze();
    await revoke(revoked);
    reader.clock.advance(4_999);
    expect(await status(revoked)).toBe(200);
    reader.clock.advance(1);
    expect(await status(revoked)).toBe(401);

    for (let second = 6; second <= 20; second += 2) {
      beat();
      expect(await status(revoked)).toBe(401);
      await expectNoCopies();
      reader.clock.advance(2_000);
    }
    expect(logged()).toEqual([connected, down]);

    await wire.listened(listens + 1);
    wire.restore();
    await revoke(another);
    const again = hears(reader);
    reader.clock.advance(5_000);
    beat();
    await again;
    expect(await status(revoked)).toBe(401);
    expect(await status(another)).toBe(401);
    await expectCopies();
    expect(logged()).toEqual([connected, down, connected]);
  });

  it('never uses a copy behind a pooler that swallows LISTEN, and says so', async () => {
    wire.swallow();
    await startReader();
    for (let second = 0; second <= 20; second += 2) {
      await expectNoCopies();
      reader.clock.advance(2_000);
      beat();
    }
    expect(logged()).toEqual([down]);
  });

  it('takes no token for dead that is younger than its copies', async () => {
    await startListeningReader();
    const old = await copied();
    wire.freeze();
    const secret = { client_secret_hash: hashGeneratedSecret('another') };
    await writer.apply(appIs(secret));
    expect(await status(await issued({ client_secret: 'another' }))).toBe(200);
    // What it has read for the young token, it knows for the old one.
    expect(await status(old)).toBe(401);
  });

  it('takes no token for dead that was issued after its client was enabled again', async () => {
    await startListeningReader();
    const old = await copied();
    await writer.apply(appIs({ enabled: false }));
    await inStep(reader);
    expect(await status(old)).toBe(401);
    wire.freeze();
    await writer.apply(appIs());
    expect(await status(await issued())).toBe(200);
    expect(await status(old)).toBe(401);
  });
});
