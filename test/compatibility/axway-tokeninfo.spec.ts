import { TestApp } from '../support/app.js';
import { ask, askRaw } from '../support/exchange.js';
import { jsonHeaders, refusal } from '../support/token-endpoint.js';
import {
  askAxway,
  axwayPath,
  noEndpoint,
  ofClient,
  ok,
  postAxway,
  storeToken,
  twoRealms,
} from '../support/tokeninfo.js';

const live = ok('{"audience":"app","user_id":"ann","scope":"read","expires_in":3600}');

describe('Axway tokeninfo', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ configuration: twoRealms });
    await storeToken(app, 'good');
  });
  afterAll(() => app.stop());

  describe('takes the token', () => {
    it('of a GET from its query', async () => {
      expect(await askAxway(app, 'access_token=good')).toEqual(live);
    });

    it('of a POST from its form', async () => {
      expect(await postAxway(app, 'access_token=good')).toEqual(live);
    });

    it('of a form without a Content-Type, as in the product’s own example', async () => {
      const request = `POST ${axwayPath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 17\r\n\r\n`;
      expect(await askRaw(app, `${request}access_token=good`)).toEqual(live);
    });

    it('percent-encoded', async () => {
      expect(await askAxway(app, 'access%5Ftoken=%67ood')).toEqual(live);
    });

    it('from among unknown parameters', async () => {
      const others = '__proto__=1&constructor=2&toString=3&x=1&x=2&realm=%2Fnone&&=';
      expect(await askAxway(app, `${others}&access_token=good`)).toEqual(live);
      expect(await postAxway(app, `${others}&access_token=good`)).toEqual(live);
    });

    it.each([
      'application/x-www-form-urlencoded; charset=UTF-8',
      'APPLICATION/X-WWW-FORM-URLENCODED;charset="utf-8"',
      'application/x-www-form-urlencoded; charset=ISO-8859-1',
    ])('of a form of type %s', async (type) => {
      const headers = { 'content-type': type };
      expect(await ask(app, { path: axwayPath, headers, body: 'access_token=good' })).toEqual(live);
    });
  });

  it('gives a HEAD the headers of a GET', async () => {
    const path = `${axwayPath}?access_token=good`;
    expect(await ask(app, { method: 'HEAD', path })).toEqual({ ...live, body: '' });
    const { headers } = await fetch(app.url + path, { method: 'HEAD' });
    expect(headers.get('content-length')).toBe(String(live.body.length));
  });

  it('names the client as the user of its own token', async () => {
    await storeToken(app, 'of-client', ofClient);
    const body = '{"audience":"app","user_id":"app","scope":"read","expires_in":3600}';
    expect(await askAxway(app, 'access_token=of-client')).toEqual(ok(body));
  });

  it('answers for the tokens of every realm', async () => {
    await storeToken(app, 'of-alpha', { realm: '/alpha' });
    expect(await askAxway(app, 'access_token=of-alpha')).toEqual(live);
  });

  it.each([['Bearer bad'], ['Basic YXBwOmFwcC1zZWNyZXQ='], ['Bearer good, Bearer good'], ['\xff']])(
    'ignores Authorization: %s',
    async (authorization) => {
      const path = `${axwayPath}?access_token=good`;
      expect(await ask(app, { method: 'GET', path, headers: { authorization } })).toEqual(live);
    },
  );

  it('ignores two Authorization headers', async () => {
    const headers = { authorization: ['Bearer good', 'Bearer bad'] };
    expect(await ask(app, { method: 'GET', path: `${axwayPath}?access_token=good`, headers })).toEqual(live);
  });

  it('reads raw UTF-8 in a form', async () => {
    expect(await postAxway(app, 'x=ä€😀&access_token=good')).toEqual(live);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('has no %s', async (method) => {
    const path = `${axwayPath}?access_token=good`;
    expect(await ask(app, { method, path })).toEqual(
      refusal('invalid_request', 'The method is not allowed here.', {
        status: 405,
        headers: { ...jsonHeaders, allow: 'GET, HEAD, POST' },
      }),
    );
  });

  it.each([
    `${axwayPath}/`,
    `/${axwayPath}`,
    '/API/oauth/tokeninfo',
    '/api/oauth/TokenInfo',
    '/api//oauth/tokeninfo',
    '/api/oauth/tokeninfo;x',
    '/api/oauth/%74okeninfo',
    '/api/./oauth/tokeninfo',
    '/api/%2e/oauth/tokeninfo',
    '/api/oauth%2Ftokeninfo',
    '/api/oauth/tokeninfo%00',
    '/api/oauth/tokeninfo%FF',
    '/am/api/oauth/tokeninfo',
    '/alpha/api/oauth/tokeninfo',
  ])('is not served at %s', async (path) => {
    expect(await ask(app, { method: 'GET', path: `${path}?access_token=good` })).toEqual(noEndpoint);
  });

  it('is served at an absolute URI', async () => {
    const path = `http://elsewhere.example${axwayPath}?access_token=good`;
    expect(await ask(app, { method: 'GET', path })).toEqual(live);
  });
});
