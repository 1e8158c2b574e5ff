import { hashToken } from '../../src/domain/access-token.js';
import { tokensInCassandra } from '../support/cassandra.js';
import { basic, formType } from '../support/token-endpoint.js';
import { deadIn, askForgeRock } from '../support/tokeninfo.js';
import {
  invalidRefreshToken,
  lifeConfiguration,
  type Pair,
  pairOf,
  TokenLife,
} from '../support/token-life.js';

const leewayMs = 10_000;
const refusedAndUnchanged = { ...invalidRefreshToken, changed: false };

let life: TokenLife;
beforeAll(async () => {
  life = await TokenLife.start();
});
afterAll(() => life.stop());

/** A token that was used once, and what came of it. */
async function used(clientId = 'app'): Promise<{ first: Required<Pair>; next: Required<Pair> }> {
  const first = await life.login(clientId);
  return { first, next: await life.refreshed(first.refresh, clientId) };
}

/** What a connection of its own sees of a refresh token's family. */
async function familyOf({ refresh }: Required<Pair>): Promise<unknown> {
  const { refreshTokens, accessTokens, families } = await life.kept();
  const hash = hashToken(refresh).toString('hex');
  const family = refreshTokens.find((row) => row.hash === hash)?.family;
  const good = accessTokens.filter((row) => row.family === family && row.revoked === false);
  return { revoked: families.find(({ id }) => id === family)?.revoked, accessTokens: good.length };
}

describe('a used refresh token that comes again', () => {
  it.each([0, 1, 999, leewayMs])('§4.14.2 is refused after %i ms, and nothing more', async (later) => {
    const { first, next } = await used();
    life.app.clock.advance(later);
    expect(await life.unchangedBy(() => life.refresh(first.refresh))).toEqual(refusedAndUnchanged);
    expect(await life.live(first.access, next.access)).toEqual([true, true]);
    expect((await life.refresh(next.refresh)).status).toBe(200);
  });

  it.each([leewayMs + 1, 3_000_000])(
    '§4.14.2 ends its family after %i ms: it is committed when the answer is there',
    async (later) => {
      const { first, next } = await used();
      expect(await familyOf(first)).toEqual({ revoked: false, accessTokens: 2 });
      life.app.clock.advance(later);
      expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
      expect(await familyOf(first)).toEqual({ revoked: true, accessTokens: 0 });
      expect(await life.refresh(next.refresh)).toEqual(invalidRefreshToken);
    },
  );

  it('§4.14.2 ends the family at every endpoint', async () => {
    const { first, next } = await used();
    life.app.clock.advance(leewayMs + 1);
    await life.refresh(first.refresh);
    for (const { access, refresh } of [first, next]) {
      expect(await life.live(access)).toEqual([false]);
      expect(await askForgeRock(life.app, access)).toEqual(deadIn('/'));
      const headers = { 'content-type': formType, ...basic('app:app-secret') };
      const { body } = await life.post('/oauth2/introspect', { token: access }, headers);
      expect(body).toBe('{"active":false}');
      expect(await life.refresh(refresh)).toEqual(invalidRefreshToken);
    }
  });

  it('§4.14.2 ends its family and no other of the same client and resource owner', async () => {
    const other = await life.login();
    const { first } = await used();
    life.app.clock.advance(leewayMs + 1);
    await life.refresh(first.refresh);
    expect(await life.live(other.access)).toEqual([true]);
    expect((await life.refresh(other.refresh)).status).toBe(200);
  });

  it('§4.14.2 ends the family from any of its generations', async () => {
    const { first, next } = await used();
    const third = await life.refreshed(next.refresh);
    const fourth = await life.refreshed(third.refresh);
    life.app.clock.advance(leewayMs + 1);
    expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
    expect(await life.refresh(fourth.refresh)).toEqual(invalidRefreshToken);
    expect(await life.live(first.access, next.access, third.access, fourth.access)).toEqual(
      Array(4).fill(false),
    );
  });

  it('§4.14.2 ends the family whatever scope it asks for', async () => {
    const { first, next } = await used();
    life.app.clock.advance(leewayMs + 1);
    expect(await life.refresh(first.refresh, 'app', { scope: 'more' })).toEqual(invalidRefreshToken);
    expect(await life.refresh(next.refresh)).toEqual(invalidRefreshToken);
  });

  it('§4.14.2 ends nothing in the hands of another client, which proves nothing', async () => {
    const { first, next } = await used();
    life.app.clock.advance(leewayMs + 1);
    expect(await life.unchangedBy(() => life.refresh(first.refresh, 'other'))).toEqual(refusedAndUnchanged);
    const wrong = { client_secret: 'wrong' };
    expect(await life.unchangedBy(() => life.refresh(first.refresh, 'app', wrong))).toMatchObject({
      status: 401,
      changed: false,
    });
    expect((await life.refresh(next.refresh)).status).toBe(200);
  });

  it('§4.14.2 ends its family even where its own time is over, as long as the family lives', async () => {
    await life.app.apply(lifeConfiguration({ refresh_token_lifetime: 100 }));
    const { first, next } = await used();
    life.app.clock.advance(60_000);
    const third = await life.refreshed(next.refresh);
    life.app.clock.advance(60_000);
    expect(await life.refresh(first.refresh)).toEqual(invalidRefreshToken);
    expect(await life.live(third.access)).toEqual([false]);
    expect(await life.refresh(third.refresh)).toEqual(invalidRefreshToken);
    await life.app.apply(lifeConfiguration());
  });

  it('§4.14.2 ends the access tokens where nothing took its place', async () => {
    const first = await life.login('none');
    const { access } = await life.refreshed(first.refresh, 'none');
    life.app.clock.advance(leewayMs + 1);
    expect(await life.refresh(first.refresh, 'none')).toEqual(invalidRefreshToken);
    expect(await life.live(first.access, access)).toEqual([false, false]);
  });

  it('is told in the log, and no token is', async () => {
    const { first, next } = await used();
    life.app.clock.advance(leewayMs + 1);
    await life.refresh(first.refresh);
    const log = life.app.logged.join('');
    expect(log).toContain('refresh token reused; its family is revoked');
    for (const token of [first.access, first.refresh, next.access, next.refresh]) {
      expect(log).not.toContain(token);
    }
  });
});

describe('many refreshes of one token at once', () => {
  const rivals = Array.from({ length: 20 });

  it('§4.14.2 are granted once', async () => {
    const { refresh } = await life.login();
    const answers = await Promise.all(rivals.map(() => life.refresh(refresh)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toEqual(Array(rivals.length - 1).fill(invalidRefreshToken));
    const next = pairOf(answers.find(({ status }) => status === 200)!);
    expect((await life.refresh(next.refresh!)).status).toBe(200);
  });

  it('are granted four times to a client whose retries are forgiven', async () => {
    const { refresh } = await life.login('graceful');
    const answers = await Promise.all(rivals.map(() => life.refresh(refresh, 'graceful')));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(4).fill(200), ...Array<number>(rivals.length - 4).fill(400)]);
  });
});

describe('a client whose retries are forgiven', () => {
  it('gets a pair for each of three retries within the leeway, and each of the pairs is good', async () => {
    const { first, next } = await used('graceful');
    const siblings = [next];
    for (const later of [0, 1, leewayMs - 1]) {
      life.app.clock.advance(later);
      siblings.push(await life.refreshed(first.refresh, 'graceful'));
    }
    const again = () => life.refresh(first.refresh, 'graceful');
    // In Cassandra, what would have come of it is written before it is decided. Nobody is given it.
    expect(await life.unchangedBy(again)).toEqual({ ...invalidRefreshToken, changed: tokensInCassandra });
    expect(new Set(siblings.map(({ refresh }) => refresh)).size).toBe(4);
    expect(await life.live(...siblings.map(({ access }) => access))).toEqual(Array(4).fill(true));
    for (const { refresh } of siblings) expect((await life.refresh(refresh, 'graceful')).status).toBe(200);
  });

  it('has a leeway that begins with the first use', async () => {
    const { first, next } = await used('graceful');
    life.app.clock.advance(leewayMs);
    const sibling = await life.refreshed(first.refresh, 'graceful');
    life.app.clock.advance(1);
    expect(await life.refresh(first.refresh, 'graceful')).toEqual(invalidRefreshToken);
    expect(await life.live(first.access, next.access, sibling.access)).toEqual([false, false, false]);
    expect(await life.refresh(sibling.refresh, 'graceful')).toEqual(invalidRefreshToken);
    expect(await life.refresh(next.refresh, 'graceful')).toEqual(invalidRefreshToken);
  });

  it('loses no retry by asking for a scope that it may not have', async () => {
    const { first } = await used('graceful');
    const greedy = () => life.refresh(first.refresh, 'graceful', { scope: 'more' });
    expect(await life.unchangedBy(greedy)).toMatchObject({ status: 400, changed: false });
    for (let retry = 0; retry < 3; retry += 1) await life.refreshed(first.refresh, 'graceful');
  });
});

describe('the leeway', () => {
  it('is a setting: with 0 s, a token that comes again in the next millisecond ends its family', async () => {
    const strict = await TokenLife.start({ settings: { REFRESH_LEEWAY: '0' } });
    const { refresh } = await strict.login();
    const next = await strict.refreshed(refresh);
    expect(await strict.refresh(refresh)).toEqual(invalidRefreshToken);
    expect(await strict.live(next.access)).toEqual([true]);
    strict.app.clock.advance(1);
    expect(await strict.refresh(refresh)).toEqual(invalidRefreshToken);
    expect(await strict.live(next.access)).toEqual([false]);
    await strict.stop();
  });
});
