import { TokenPurger } from '../../src/domain/token-purge.js';
import type { Answer } from '../support/exchange.js';
import { basic, formType } from '../support/token-endpoint.js';
import { TokenLife } from '../support/token-life.js';
import { askAxway, askForgeRock, axwayRefusals, deadIn } from '../support/tokeninfo.js';

const lifetimeMs = 3600_000;

let life: TokenLife;
beforeAll(async () => {
  life = await TokenLife.start();
});
afterAll(() => life.stop());

function purge(): Promise<number> {
  return life.app.nest.get(TokenPurger).purge(life.app.clock.now(), 1000);
}

function introspect(token: string): Promise<Answer> {
  const headers = { 'content-type': formType, ...basic('app:app-secret') };
  return life.post('/oauth2/introspect', { token }, headers);
}

/** The answer of every endpoint about a token. */
async function answers(token: string): Promise<{ axway: Answer; others: Answer[] }> {
  const others = [await askForgeRock(life.app, token), await introspect(token)];
  return { axway: await askAxway(life.app, `access_token=${token}`), others };
}

it('an expired token stays inactive after the purge, and Axway’s flavour then answers that it is unknown', async () => {
  const { access } = await life.login('no-refresh');
  life.app.clock.advance(lifetimeMs - 1000);
  expect(await purge()).toBe(0);
  expect(await life.live(access)).toEqual([true]);
  life.app.clock.advance(1000);
  const before = await answers(access);
  expect(before.axway).toEqual(axwayRefusals.expired);
  expect(before.others[0]).toEqual(deadIn('/'));
  expect(before.others[1]).toMatchObject({ status: 200, body: '{"active":false}' });

  expect(await purge()).toBe(1);
  // Until then the node may answer from its cache.
  life.app.clock.advance(30_000);

  const after = await answers(access);
  expect(after.axway).toEqual(axwayRefusals.unknown);
  expect(after.others).toEqual(before.others);
  expect(await life.kept()).toEqual({ accessTokens: [], refreshTokens: [], families: [] });
});
