import { TokenPurger } from '../../src/domain/token-purge.js';
import { tokensInCassandra } from '../support/cassandra.js';
import { invalidRefreshToken, lifeConfiguration, TokenLife } from '../support/token-life.js';

const second = 1000;
const hour = 3600 * second;

let life: TokenLife;
beforeEach(async () => {
  life = await TokenLife.start();
});
afterEach(() => life.stop());

/** Lets time pass, and has everything removed that the purge may remove then. */
async function pass(milliseconds: number): Promise<void> {
  life.app.clock.advance(milliseconds);
  const purger = life.app.nest.get(TokenPurger);
  while ((await purger.purge(life.app.clock.now(), 2)) > 0);
}

/** In Cassandra rows end by themselves, as time passes on the nodes' own clocks. */
const purgedHere = !tokensInCassandra;

/** How many access tokens, refresh tokens and families are kept. */
async function kept(): Promise<number[]> {
  const { accessTokens, refreshTokens, families } = await life.kept();
  return [accessTokens, refreshTokens, families].map((rows) => rows.length);
}

it('§4.14.2 a used refresh token ends its family, however long after its own time, whatever is purged', async () => {
  const first = await life.login();
  await pass(11 * hour);
  const next = await life.refreshed(first.refresh);
  await pass(11 * hour);
  const last = await life.refreshed(next.refresh);
  await pass(hour / 2);
  expect(await life.live(first.access, next.access, last.access)).toEqual([false, false, true]);
  expect(await kept()).toEqual(purgedHere ? [1, 3, 1] : [3, 3, 6]);

  expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
  expect(await life.live(last.access)).toEqual([false]);
  expect(await life.refresh(last.refresh)).toEqual(invalidRefreshToken);
});

it('§4.14.2 a used refresh token ends an access token that outlives the family', async () => {
  await life.app.apply(lifeConfiguration({ refresh_token_max_lifetime: 100 }));
  const first = await life.login();
  await pass(50 * second);
  const next = await life.refreshed(first.refresh);
  await pass(hour - 10 * second);
  expect(await life.live(first.access, next.access)).toEqual([false, true]);
  expect(await life.refresh(next.refresh)).toEqual(invalidRefreshToken);
  expect(await life.live(next.access)).toEqual([true]);

  expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
  expect(await life.live(next.access)).toEqual([false]);
});

(purgedHere ? it : it.skip)(
  '§4.14.2 a revoked family is remembered until its end, and then nothing is left of it',
  async () => {
    await life.app.apply(lifeConfiguration({ refresh_token_max_lifetime: 7200 }));
    const first = await life.login();
    const next = await life.refreshed(first.refresh);
    expect((await life.revoke(next.refresh)).status).toBe(200);
    await pass(2 * hour);
    expect(await kept()).toEqual([0, 2, 1]);
    await pass(60 * second);
    expect(await kept()).toEqual([0, 0, 0]);
    expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
  },
);
