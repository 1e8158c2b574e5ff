import type { ClientFields } from '../support/configuration.js';
import { invalidRefreshToken, lifeConfiguration, TokenLife } from '../support/token-life.js';

// What the configuration page says of refresh_token_lifetime, for each policy of a client.

let life: TokenLife;
beforeAll(async () => {
  life = await TokenLife.start();
});
afterAll(() => life.stop());

/** Signs in to a client of this policy, whose refresh tokens live 100 s. */
async function login(policy: ClientFields): Promise<string> {
  const lifetimes = { refresh_token_lifetime: 100, refresh_token_max_lifetime: 1000 };
  await life.app.apply(lifeConfiguration({ ...lifetimes, ...policy }));
  return (await life.login()).refresh;
}

function pass(seconds: number): void {
  life.app.clock.advance(seconds * 1000);
}

describe('§1.5 the lifetime of a refresh token runs from its issue', () => {
  it('new: the next one has a lifetime of its own', async () => {
    const first = await login({ refresh: 'new' });
    pass(95);
    const next = await life.refreshed(first);
    pass(95);
    const third = await life.refreshed(next.refresh);
    pass(101);
    expect(await life.refresh(third.refresh)).toEqual(invalidRefreshToken);
  });

  it('none: it can be used once within it, and nothing comes after', async () => {
    const [early, late] = [await login({ refresh: 'none' }), await login({ refresh: 'none' })];
    pass(95);
    expect(await life.refreshed(early)).toEqual({ access: expect.anything(), refresh: undefined });
    pass(6);
    expect(await life.refresh(late)).toEqual(invalidRefreshToken);
  });

  it.each<[string, ClientFields]>([
    ['preserve', { refresh: 'preserve' }],
    ['preserve and graceful', { refresh: 'preserve', refresh_retry: 'graceful' }],
  ])('%s: using it does not extend it, and does not use it up', async (_what, policy) => {
    const token = await login(policy);
    for (const seconds of [0, 60, 35]) {
      pass(seconds);
      expect((await life.refresh(token)).status).toBe(200);
    }
    pass(6);
    expect(await life.refresh(token)).toEqual(invalidRefreshToken);
  });

  it('graceful: a retry within the leeway is refused when it is over, and ends nothing', async () => {
    const first = await login({ refresh_retry: 'graceful' });
    pass(94);
    const next = await life.refreshed(first);
    pass(4);
    const sibling = await life.refreshed(first);
    pass(4);
    expect(await life.refresh(first)).toEqual(invalidRefreshToken);
    for (const { refresh } of [next, sibling]) expect((await life.refresh(refresh)).status).toBe(200);
  });

  it('none and graceful: a retry gets an access token, and nothing comes after', async () => {
    const first = await login({ refresh: 'none', refresh_retry: 'graceful' });
    for (let use = 0; use < 4; use += 1) {
      expect(await life.refreshed(first)).toEqual({ access: expect.anything(), refresh: undefined });
    }
    expect(await life.refresh(first)).toEqual(invalidRefreshToken);
  });
});
