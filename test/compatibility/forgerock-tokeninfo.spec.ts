import { TestApp } from '../support/app.js';
import { type Answer, ask } from '../support/exchange.js';
import { formType } from '../support/token-endpoint.js';
import {
  askForgeRock,
  deadIn,
  forgeRockMalformed,
  forgeRockPath,
  forgeRockRefusal,
  methodNotAllowed,
  noTokenIn,
  ok,
  storeToken,
  twoRealms,
} from '../support/tokeninfo.js';

const live = ok(
  '{"access_token":"good","grant_type":"password","auth_level":0,"scope":["read"],"realm":"/",' +
    '"token_type":"Bearer","expires_in":3600,"read":"","client_id":"app"}',
);

describe('ForgeRock tokeninfo', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ configuration: twoRealms });
    await storeToken(app, 'good');
  });
  afterAll(() => app.stop());

  /** Asks with this query and these `Authorization` headers. */
  function get(query: string, ...authorization: string[]): Promise<Answer> {
    const headers = authorization.length > 0 ? { authorization } : undefined;
    return ask(app, { method: 'GET', path: `${forgeRockPath}?${query}`, headers });
  }

  describe('takes the token', () => {
    it.each(['Bearer good', 'bearer good', 'BEARER good', 'Bearer   good', 'Bearer good  '])(
      'of a header: %j',
      async (authorization) => {
        expect(await get('', authorization)).toEqual(live);
      },
    );

    it('of the query', async () => {
      expect(await get('access_token=good')).toEqual(live);
      expect(await get('access%5Ftoken=%67ood')).toEqual(live);
    });

    it.each([
      'Basic YXBwOmFwcC1zZWNyZXQ=',
      'Basic',
      'Digest username="app"',
      'Bearer',
      'Bearer ',
      'Bearergood',
      'x',
    ])('of the query beside %j, which presents none', async (authorization) => {
      expect(await get('access_token=good', authorization)).toEqual(live);
    });

    it('of the header beside an empty one in the query', async () => {
      expect(await get('access_token=', 'Bearer good')).toEqual(live);
    });

    it('beside unknown parameters', async () => {
      const others = '__proto__=1&constructor=2&token=bad&x=1&x=2&&=';
      expect(await get(`${others}&access_token=good`)).toEqual(live);
    });
  });

  it('gives a HEAD the headers of a GET', async () => {
    const path = `${forgeRockPath}?access_token=good`;
    expect(await ask(app, { method: 'HEAD', path })).toEqual({ ...live, body: '' });
    expect(await ask(app, { method: 'HEAD', path: forgeRockPath })).toEqual({ ...noTokenIn('/'), body: '' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('has no %s', async (method) => {
    const headers = { 'content-type': formType };
    const body = method === 'OPTIONS' ? undefined : 'access_token=good';
    const answer = await ask(app, { method, path: `${forgeRockPath}?access_token=good`, headers, body });
    expect(answer).toEqual(methodNotAllowed);
  });

  describe('answers 401', () => {
    it.each([[''], ['access_token'], ['access_token='], ['token=good'], ['Access_Token=good']])(
      'without a token: %j',
      async (query) => {
        expect(await get(query)).toEqual(noTokenIn('/'));
      },
    );

    it.each(['Basic YXBwOmFwcC1zZWNyZXQ=', 'Bearer', 'Bearer ', 'Bearer\tgood', 'good'])(
      'without a token in %j',
      async (authorization) => {
        expect(await get('', authorization)).toEqual(noTokenIn('/'));
      },
    );

    it.each([
      'bad',
      'GOOD',
      'goo',
      'good x',
      'good, Bearer good',
      '"good"',
      'sya_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      'syr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      "' or 1=1--",
      '%',
      '_',
      'undefined',
      '\xe4\xff',
      'x'.repeat(8000),
    ])('to the unknown token %.40j', async (token) => {
      expect(await get('', `Bearer ${token}`)).toEqual(deadIn('/'));
    });

    it.each([
      ['NUL', 'good%00'],
      ['a lone surrogate', '%ED%A0%80'],
      ['invalid UTF-8', '%FF'],
      ['an overlong NUL', '%C0%80'],
      ['a broken percent-escape', 'good%'],
    ])('to a malformed token with %s', async (_what, token) => {
      expect(await get(`access_token=${token}`)).toEqual(deadIn('/'));
    });

    it('from its end on, and not in its last second', async () => {
      await storeToken(app, 'short', { expiresAt: app.clock.now() + 2000 });
      const left = async () => {
        const { status, body } = await askForgeRock(app, 'short');
        return status === 200 ? (JSON.parse(body) as { expires_in: number }).expires_in : status;
      };
      const seen: unknown[] = [await left()];
      for (const milliseconds of [1, 999, 1, 998, 1]) {
        app.clock.advance(milliseconds);
        seen.push(await left());
      }
      expect(await askForgeRock(app, 'short')).toEqual(deadIn('/'));
      app.clock.advance(-2000);
      expect(seen).toEqual([2, 1, 1, 1, 1, 401]);
    });
  });

  describe('answers 400', () => {
    const both = forgeRockRefusal(
      400,
      'invalid_request',
      'Access Token cannot be provided in both query and header',
    );

    it.each([
      ['good', 'good'],
      ['good', 'bad'],
      ['bad', 'good'],
      ['bad', 'bad'],
      ['good', '%00'],
    ])('to the token %s in the header and %s in the query', async (inHeader, inQuery) => {
      expect(await get(`access_token=${inQuery}`, `Bearer ${inHeader}`)).toEqual(both);
    });

    it.each([
      ['Bearer good', 'Bearer good'],
      ['Bearer good', 'Basic YXBwOmFwcC1zZWNyZXQ='],
      ['Basic x', 'Basic x'],
    ])('to two Authorization headers: %s, %s', async (one, other) => {
      expect(await get('', one, other)).toEqual(forgeRockMalformed);
      expect(await get('access_token=good', one, other)).toEqual(forgeRockMalformed);
    });

    it.each([
      'access_token=good&access_token=good',
      'access_token=good&access_token=',
      'access_token[]=good',
      'access_token[0]=good',
      'access_token[$ne]=',
      'access_token%5B%24ne%5D=',
      'access_token=good&realm=/&realm=/',
      'access_token=good&realm[]=/',
      'access_token=good&x=%00',
      'access_token=good&x=%ED%A0%80',
      'access_token=good&%FF=x',
      'access_token=good&realm=%00',
      'access_token=good&realm=%FF',
    ])('to %s', async (query) => {
      expect(await get(query)).toEqual(forgeRockMalformed);
    });

    it('to a realm that is repeated where the path names one', async () => {
      const path = '/oauth2/realms/alpha/tokeninfo?realm=/&realm=/';
      expect(await askForgeRock(app, 'good', path)).toEqual(forgeRockMalformed);
    });
  });
});
