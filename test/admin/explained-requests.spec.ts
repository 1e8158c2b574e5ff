import { DataSource } from 'typeorm';
import { type AccessToken, AccessTokenStore, hashToken, tokenId } from '../../src/domain/access-token.js';
import { DialectPresenters, type Explanation, type Question } from '../../src/domain/explanation.js';
import { InactiveCauses } from '../../src/domain/inactive-cause.js';
import { StoreUnavailable } from '../../src/domain/oauth-error.js';
import { StoredTokens } from '../../src/domain/stored-token.js';
import { TokenChecker } from '../../src/domain/token-checker.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenExplainer } from '../../src/domain/token-explainer.js';
import { PostgresDirectory } from '../../src/storage/postgres/directory.js';
import { ExplainedApp, registry, toldAnswers } from '../support/explained.js';
import { storeToken } from '../support/tokeninfo.js';

let explained: ExplainedApp;
afterEach(() => explained.app.stop());

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  explained = await ExplainedApp.start(settings);
}

/** A node's store that goes on finding a token. */
class StaleStore extends AccessTokenStore {
  constructor(private readonly token: AccessToken | undefined) {
    super();
  }

  find(): AccessToken | undefined {
    return this.token;
  }

  async insert(): Promise<void> {}

  async revoke(): Promise<void> {}
}

/** Explains a token, and compares the answers with those of the endpoints. */
async function explanationOf(token: string, request: Partial<Question> = {}): Promise<Explanation> {
  const explanation = await explained.explain({ about: { token }, ...request });
  expect(toldAnswers(explanation.answers)).toEqual(await explained.realAnswers(token, request));
  return explanation;
}

describe('a request that names a realm', () => {
  it('is told of another realm', async () => {
    await start();
    const { access } = await explained.login();
    expect(await explanationOf(access, { realm: '/beta' })).toMatchObject({
      ...{ verdict: 'inactive', reason: 'other_realm', since: undefined },
      sentences: [
        'It belongs to the realm /alpha; the request was about /beta.',
        expect.stringMatching(/^The token is active;/),
      ],
      hint: expect.stringContaining('TOKENINFO_REALMS'),
    });
    expect(await explanationOf(access, { realm: '/alpha' })).toMatchObject({ verdict: 'active' });
    explained.app.clock.advance(60_000);
    expect(await explanationOf(access, { realm: '/beta' })).toMatchObject({
      reason: 'other_realm',
      sentences: [expect.anything(), expect.stringMatching(/^The token expired 0 seconds ago/)],
    });
  });

  it('is answered for every realm where TOKENINFO_REALMS says so', async () => {
    await start({ TOKENINFO_REALMS: 'any' });
    const { access } = await explained.login();
    expect(await explanationOf(access, { realm: '/beta' })).toMatchObject({ verdict: 'active' });
  });

  it('is answered for every realm where TOKENINFO_REALMS says so of the root realm', async () => {
    await start({ TOKENINFO_REALMS: 'root-any' });
    const { access } = await explained.login();
    expect(await explanationOf(access, { realm: '/' })).toMatchObject({ verdict: 'active' });
    expect(await explanationOf(access, { realm: '/beta' })).toMatchObject({ reason: 'other_realm' });
  });

  it('is told of a realm that does not exist', async () => {
    await start();
    const { access } = await explained.login();
    expect(await explanationOf(access, { realm: '/gamma' })).toMatchObject({
      ...{ verdict: 'inactive', reason: 'no_such_realm' },
      sentences: [
        'The request names a realm that does not exist.',
        expect.stringMatching(/^The token is active;/),
      ],
    });
  });
});

describe('a client that introspects', () => {
  it('is told whose tokens it may see', async () => {
    await start();
    const { access } = await explained.login();
    const own = { realm: '/alpha', clientId: 'own' };
    expect(await explanationOf(access, { caller: own })).toMatchObject({
      ...{ verdict: 'inactive', reason: 'not_permitted' },
      sentences: [
        'The client own of the realm /alpha may introspect only its own tokens (introspect: own); this one belongs to the client app of the realm /alpha.',
        expect.stringMatching(/^The token is active;/),
      ],
    });
    const rootling = { realm: '/', clientId: 'rootling' };
    expect((await explanationOf(access, { caller: rootling })).sentences[0]).toContain(
      'may introspect only the tokens of its realm (introspect: realm)',
    );
    const neighbour = { realm: '/alpha', clientId: 'neighbour' };
    expect(await explanationOf(access, { caller: neighbour })).toMatchObject({ verdict: 'active' });
    explained.app.clock.advance(60_000);
    expect(await explanationOf(access, { caller: own })).toMatchObject({ reason: 'expired' });
  });

  it.each([
    ['/', 'stranger', 'it is unknown'],
    ['/', 'disabled', 'it is disabled'],
    ['/gamma', 'own', 'its realm does not exist'],
  ])('of the realm %s by the name %s cannot: %s', async (realm, clientId, problem) => {
    await start();
    const { access } = await explained.login();
    const { sentences } = await explanationOf(access, { caller: { realm, clientId } });
    expect(sentences[0]).toBe(`The client cannot introspect: ${problem}.`);
  });
});

describe('settings of the dialects', () => {
  it('are those of the server', async () => {
    await start({
      AXWAY_REALMS: '/beta',
      TOKENINFO_ERRORS: 'openam12',
      AXWAY_ADDITIONAL_PARAMETERS: JSON.stringify([
        { name: 'value', value: '${accesstoken.getValue()}' },
        { name: 'agent', value: '${http.headers["User-Agent"]}' },
      ]),
    });
    const [{ access }, beta] = [await explained.login(), await explained.login('app', '/beta')];
    const explanation = await explanationOf(access);
    expect(explanation).toMatchObject({ verdict: 'active', answers: { axway: { reason: 'other_realm' } } });
    expect(explanation.sentences[1]).toBe(
      "Axway's token information does not answer for the realm /alpha (AXWAY_REALMS).",
    );
    expect((await explanationOf(beta.access)).answers.axway.body).toMatchObject({
      value: `${beta.access.slice(0, 8)}…`,
      agent: '',
    });
    await explanationOf('sya_unknown');
  });
});

describe('a person who may see a realm', () => {
  it('is told of tokens of that realm and those below, and of any other as if there were none', async () => {
    await start();
    const { access, refresh } = await explained.login();
    const asked = [access, refresh].flatMap((token) => [{ token }, { id: tokenId(token) }]);
    for (const about of asked) {
      expect((await explained.explain({ about, within: '/alpha' })).token).toBeDefined();
    }
    const outside = [];
    for (const about of asked) outside.push(await explained.explain({ about, within: '/alph' }));
    for (const explanation of outside) {
      expect(explanation).toMatchObject({ verdict: 'inactive', reason: 'not_found', token: undefined });
      expect(JSON.stringify(explanation)).not.toMatch(/"ann"|"app"|\/alpha/);
    }
    await explained.app.nest.get(DataSource).query('TRUNCATE access_token, refresh_token, token_family');
    const never = [];
    for (const about of asked) never.push(await explained.explain({ about, within: '/alph' }));
    expect(never).toEqual(outside);
  });

  it('is not told of clients outside of it', async () => {
    await start();
    const { access } = await explained.login();
    const caller = { realm: '/', clientId: 'disabled' };
    const { sentences } = await explained.explain({ about: { token: access }, within: '/alpha', caller });
    expect(sentences[0]).toBe('The client cannot introspect: it is unknown.');
  });
});

it('says that a node disagrees whose cache has not heard of a change', async () => {
  await start();
  const { access } = await explained.login();
  const { nest, clock } = explained.app;
  const cached = await nest.get(AccessTokenStore).find(hashToken(access));
  const staleNode = { accessTokens: new StaleStore(cached), checker: nest.get(TokenChecker) };
  const explainer = new TokenExplainer(
    ...([nest.get(StoredTokens), nest.get(InactiveCauses), nest.get(PostgresDirectory)] as const),
    ...([nest.get(TokenCodec), clock, nest.get(DialectPresenters), staleNode] as const),
  );
  const question = { about: { token: access }, within: '/' };
  expect(await explainer.explain(question)).toMatchObject({ verdict: 'active', nodeAgrees: true });
  await explained.revoke(access);
  expect(await explainer.explain(question)).toMatchObject({ reason: 'revoked', nodeAgrees: false });
  expect(await explained.explain(question)).toMatchObject({ reason: 'revoked', nodeAgrees: true });
});

it('does not say that a node agrees which has no cache', async () => {
  await start({ CACHE_ENTRIES: '0' });
  const { access } = await explained.login();
  expect(await explanationOf(access)).toMatchObject({ verdict: 'active', nodeAgrees: undefined });
});

it('explains an imported token, of whose value it shows nothing', async () => {
  await start();
  await explained.app.apply(registry());
  await storeToken(explained.app, 'imported-token', { realm: '/alpha' });
  const explanation = await explanationOf('imported-token');
  expect(explanation).toMatchObject({
    ...{ verdict: 'active', id: tokenId('imported-token') },
    token: { start: undefined, realm: '/alpha' },
  });
  expect(JSON.stringify(explanation)).not.toContain('imported');
  expect(await explanationOf('never-imported')).toMatchObject({
    ...{ reason: 'not_found', id: undefined },
    sentences: ['A token of this value was never imported here, or was purged after it had expired.'],
  });
});

it('says that the store is unavailable, and nothing about the token', async () => {
  await start();
  const { access } = await explained.login();
  await explained.app.nest.get(DataSource).destroy();
  await expect(explained.explain({ about: { token: access } })).rejects.toBeInstanceOf(StoreUnavailable);
  await explained.app.nest.get(DataSource).initialize();
});
