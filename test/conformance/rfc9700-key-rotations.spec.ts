import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenKeyStore } from '../../src/domain/token-key.js';
import { tokensInCassandra } from '../support/cassandra.js';
import { onServer } from '../support/database.js';
import { invalidRefreshToken, TokenLife } from '../support/token-life.js';
import { askForgeRock } from '../support/tokeninfo.js';
import { tester } from '../support/audit.js';

const rotations = 30;

/** Memory goes with the embedded database alone. */
function storesHere(): string[] {
  if (tokensInCassandra) return ['cassandra'];
  return onServer ? ['database'] : ['database', 'memory'];
}

describe.each(storesHere())(`${rotations} rotations of the token key, with TOKEN_STORE=%s`, (tokenStore) => {
  let life: TokenLife;
  beforeAll(async () => {
    // With Cassandra, the settings of the test's keyspace name the store.
    life = await TokenLife.start({ settings: tokensInCassandra ? {} : { TOKEN_STORE: tokenStore } });
  });
  afterAll(() => life.stop());

  /** Rotates the key a minute apart, so that each key signs before the next is published. */
  async function rotateKeys(): Promise<void> {
    const { clock, nest } = life.app;
    for (let count = 0; count < rotations; count += 1) {
      await nest.get(TokenKeyStore).rotate(clock.now(), tester);
      clock.advance(61_000);
      await nest.get(TokenCodec).reload();
    }
  }

  it('leave tokens active, and the reuse of a refresh token from before ends its family (§4.14.2)', async () => {
    const first = await life.login();
    const next = await life.refreshed(first.refresh);
    await rotateKeys();
    expect(await life.live(first.access, next.access)).toEqual([true, true]);
    expect((await askForgeRock(life.app, next.access)).status).toBe(200);

    expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
    expect(await life.live(first.access, next.access)).toEqual([false, false]);
    expect(await life.refresh(next.refresh)).toEqual(invalidRefreshToken);
  });
});
