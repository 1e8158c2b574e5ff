import { DataSource } from 'typeorm';
import { hashToken } from '../../src/domain/access-token.js';
import { AdminTokenIssuer } from '../../src/domain/admin-token.js';
import { Directory } from '../../src/domain/directory.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenImporter } from '../../src/domain/token-import.js';
import { TokenPurger } from '../../src/domain/token-purge.js';
import { TokenImport } from '../../src/provisioning/import-tokens.js';
import { fileOf, Notes } from '../provisioning/import-file.js';
import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { onServer } from '../support/database.js';
import type { Answer } from '../support/exchange.js';
import { members, postForm } from '../support/token-endpoint.js';
import { invalidRefreshToken } from '../support/token-life.js';
import { askAxway, askForgeRock } from '../support/tokeninfo.js';

const lifetime = 3;
const lifetimes = { access_token_lifetime: lifetime, refresh_token_lifetime: lifetime };
const users = [{ username: 'ann', password: 'ann-password' }];

/** What the endpoints answer about a token: whole seconds left in three, and `exp` and `iat`. */
interface Told {
  readonly axway?: number;
  readonly forgerock?: number;
  readonly introspection?: number;
  readonly exp?: number;
  readonly iat?: number;
}

let app: TestApp;

/** Issues tokens this many milliseconds after a whole second. */
async function login(offset: number) {
  app.clock.advance(10_000 - (app.clock.now() % 1000) + offset);
  const form = { grant_type: 'password', username: 'ann', password: 'ann-password', ...appCredentials };
  return members(await postForm(app, '/oauth2/access_token', form));
}

function refresh(token: string): Promise<Answer> {
  const form = { grant_type: 'refresh_token', refresh_token: token, ...appCredentials };
  return postForm(app, '/oauth2/access_token', form);
}

/** Undefined members are those of a token that is not active. */
async function told(token: string): Promise<Told> {
  const query = new URLSearchParams({ access_token: token }).toString();
  const [axway, forgeRock, introspection] = await Promise.all([
    askAxway(app, query),
    askForgeRock(app, token),
    postForm(app, '/oauth2/introspect', { token, ...appCredentials }),
  ]);
  const numbers = ({ body }: Answer) => JSON.parse(body) as Record<string, number>;
  const { exp, iat, expires_in } = numbers(introspection);
  return {
    axway: numbers(axway).expires_in,
    forgerock: numbers(forgeRock).expires_in,
    introspection: expires_in,
    exp,
    iat,
  };
}

const inactive: Told = {};

/** A time and every 190 ms after it, and the milliseconds around each whole second, in their order. */
function moments(from: number, until: number): number[] {
  const all = new Set<number>();
  for (let time = from; time < until; time += 190) all.add(time);
  for (let second = Math.ceil(from / 1000) * 1000; second < until; second += 1000) {
    for (const time of [second - 1, second, second + 1]) if (time >= from) all.add(time);
  }
  return [...all].sort((one, other) => one - other);
}

/** The settings of each place where tokens are kept. Those in memory go with the embedded database alone. */
const places: [where: string, settings: Readonly<Record<string, string>>][] = [
  ['in the database, cached', {}],
  ['in the database, without a cache', { CACHE_ENTRIES: '0' }],
];
if (!onServer) places.push(['in memory', { TOKEN_STORE: 'memory' }]);

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const clients = [client({ ...lifetimes, scopes: ['read'] })];
  const realms = configuration({ '/': { clients, users } });
  app = await TestApp.start({ settings, hasher: new FastHasher(), configuration: realms });
}

/** Milliseconds until a token ends that is issued now. */
function untilItsEnd(): number {
  return endOf(app.clock.now()) - app.clock.now();
}

/** When a token ends that is issued then: the rule, in words of its own. */
function endOf(issuedAt: number): number {
  const announced = issuedAt + lifetime * 1000;
  return announced % 1000 === 0 ? announced : announced - (announced % 1000) + 1000;
}

describe.each(places)('a token that is kept %s', (_where, settings) => {
  beforeAll(() => start(settings));
  afterAll(() => app.stop());

  it.each([0, 1, 90, 240, 500, 760, 999])(
    'RFC 6749 §5.1, RFC 7662 §2.2 is active until its exp, at every endpoint alike, issued %i ms past a second',
    async (offset) => {
      const issued = await login(offset);
      expect(issued).toMatchObject({ expires_in: lifetime });
      const issuedAt = app.clock.now();
      const end = endOf(issuedAt);
      for (const now of moments(issuedAt, end + 1500)) {
        app.clock.advance(now - app.clock.now());
        const left = Math.max(1, Math.floor((end - now) / 1000));
        const active = {
          ...{ axway: left, forgerock: left, introspection: left },
          ...{ exp: end / 1000, iat: Math.floor(issuedAt / 1000) },
        };
        expect([now - issuedAt, await told(issued.access_token)]).toEqual([
          now - issuedAt,
          now < end ? active : inactive,
        ]);
        expect(left).toBeLessThanOrEqual(lifetime);
      }
    },
  );

  it.each([0, 240, 999])(
    'RFC 6749 §6 is refreshed until its end, and not from then on, issued %i ms past a second',
    async (offset) => {
      const first = await login(offset);
      app.clock.advance(untilItsEnd() - 1);
      const second = members(await refresh(first.refresh_token));
      expect(second).toMatchObject({ expires_in: lifetime });
      app.clock.advance(untilItsEnd());
      expect(await refresh(second.refresh_token)).toEqual(invalidRefreshToken);
    },
  );

  it.each([0, 240, 999])(
    'is purged at its end, and not before, issued %i ms past a second',
    async (offset) => {
      const purge = () => app.nest.get(TokenPurger).purge(app.clock.now(), 1000);
      const { access_token } = await login(offset);
      await purge();
      app.clock.advance(untilItsEnd() - 1);
      expect(await purge()).toBe(0);
      expect(await told(access_token)).toMatchObject({ axway: 1, forgerock: 1, introspection: 1 });
      app.clock.advance(1);
      expect(await told(access_token)).toEqual(inactive);
      expect(await purge()).toBe(1);
    },
  );

  it('is imported with its end rounded up to the second', async () => {
    const now = app.clock.now() - (app.clock.now() % 1000);
    const line = { client_id: 'app', username: 'ann', scope: 'read', expires_at: (now + 3240) / 1000 };
    const lines = [
      { ...line, token: 'an access token' },
      { ...line, token: 'a refresh token', type: 'refresh_token' },
      { ...line, token: 'one without an end', expires_at: '9999-12-31T23:59:59.999Z' },
      { ...line, token: 'one that ends now', expires_at: app.clock.now() / 1000 },
    ];
    const { nest, clock } = app;
    const notes = new Notes();
    const counts = await new TokenImport(nest.get(Directory), nest.get(TokenImporter), clock).run(
      fileOf(lines),
      { fromLine: 1, strict: true },
      notes,
    );
    expect([counts, notes.bad]).toEqual([{ added: 3, alreadyThere: 0, expired: 1, bad: 0 }, []]);
    await nest.get(TokenCodec).reload();
    expect(await told('one without an end')).toMatchObject({ exp: Date.UTC(10_000, 0, 1) / 1000 });
    app.clock.advance(now + 3999 - app.clock.now());
    expect(await told('an access token')).toMatchObject({ axway: 1, exp: now / 1000 + 4 });
    expect(members(await refresh('a refresh token'))).toMatchObject({ expires_in: lifetime });
    app.clock.advance(1);
    expect(await told('an access token')).toEqual(inactive);
  });
});

describe('a token of another origin', () => {
  beforeAll(() => start());
  afterAll(() => app.stop());

  it('is an admin token, which ends at a whole second, too', async () => {
    app.clock.advance(240);
    const actor = { kind: 'cli', name: 'test' } as const;
    const issuer = app.nest.get(AdminTokenIssuer);
    const { value, expiresAt } = await issuer.issue({ realm: '/', right: 'read', lifetime: 60, actor });
    expect(expiresAt - app.clock.now()).toBe(60_760);
    expect(await told(value)).toMatchObject({ axway: 60, forgerock: 60 });
    app.clock.advance(60_759);
    expect(await told(value)).toMatchObject({ axway: 1 });
    app.clock.advance(1);
    expect(await told(value)).toEqual(inactive);
  });

  it('is one of an earlier version, which ends within a second: never before what was announced', async () => {
    const { access_token } = await login(240);
    const end = app.clock.now() + lifetime * 1000;
    const set = 'UPDATE access_token SET expires_at = $1 WHERE hash = $2';
    await app.nest.get(DataSource).query(set, [new Date(end), hashToken(access_token)]);
    app.clock.advance(lifetime * 1000 - 1);
    expect(await told(access_token)).toMatchObject({ axway: 1, forgerock: 1, exp: Math.floor(end / 1000) });
    app.clock.advance(1);
    expect(await told(access_token)).toEqual(inactive);
  });
});
