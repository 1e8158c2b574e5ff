import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import type { GrantType } from '../../src/domain/grant-type.js';
import { TestApp } from '../support/app.js';
import { client, configuration } from '../support/configuration.js';
import { askAxway, askForgeRock, forgeRockPath, ok, postAxway } from '../support/tokeninfo.js';
import { ask } from '../support/exchange.js';

interface GoldenCase {
  readonly name: string;
  readonly token: {
    /** Left out in Axway's cases: its answer does not show the token. */
    readonly value?: string;
    readonly client: string;
    readonly user?: string;
    readonly userAttributes?: Readonly<Record<string, string[]>>;
    readonly grant: GrantType;
    readonly realm: string;
    readonly scope: string[];
    readonly authLevel?: number;
    readonly secondsLeft: number;
  };
  readonly status: number;
  readonly body: string;
}

const text = readFileSync(new URL('./golden/golden.json', import.meta.url), 'utf8');
const golden = JSON.parse(text) as Readonly<Record<'axway' | 'forgerock', GoldenCase[]>>;

describe('golden answers, byte for byte', () => {
  let app: TestApp;
  beforeAll(async () => (app = await TestApp.start({ configuration: configuration({}) })));
  afterAll(() => app.stop());

  /** Registers the case's subjects, and stores its token as the only one. */
  async function store({ token }: GoldenCase): Promise<string> {
    const { value = 'golden', user, userAttributes, scope } = token;
    const attributes = new Map(Object.entries(userAttributes ?? {}));
    const users = user === undefined ? [] : [{ username: user, password: 'golden-password', attributes }];
    const clients = [client({ client_id: token.client, scopes: scope, default_scopes: scope })];
    await app.apply(configuration({ [token.realm]: { clients, users } }));
    await app.nest.get(DataSource).query('DELETE FROM access_token');
    await app.nest.get(ChangeFeed).publish('everything');
    const now = app.clock.now();
    await app.storeToken(value, {
      realm: token.realm,
      clientId: token.client,
      username: user,
      scope,
      grantType: token.grant,
      authLevel: token.authLevel ?? 0,
      issuedAt: now,
      expiresAt: now + token.secondsLeft * 1000,
    });
    return value;
  }

  const answer = ({ status, body }: GoldenCase) => ({ ...ok(body), status });

  it('are three for each flavour', () => {
    expect([golden.axway.length, golden.forgerock.length]).toEqual([3, 3]);
  });

  it.each(golden.axway)('Axway: $name', async (golden) => {
    const token = await store(golden);
    expect(await askAxway(app, `access_token=${token}`)).toEqual(answer(golden));
    expect(await postAxway(app, `access_token=${token}`)).toEqual(answer(golden));
  });

  it.each(golden.forgerock)('ForgeRock: $name', async (golden) => {
    const token = await store(golden);
    expect(await askForgeRock(app, token)).toEqual(answer(golden));
    const path = `${forgeRockPath}?access_token=${token}`;
    expect(await ask(app, { method: 'GET', path })).toEqual(answer(golden));
  });
});
