import { TestApp } from '../support/app.js';
import { ask, askRaw } from '../support/exchange.js';
import { formType } from '../support/token-endpoint.js';
import {
  askAxway,
  axwayPath,
  axwayRefusals,
  postAxway,
  storeToken,
  twoRealms,
} from '../support/tokeninfo.js';

const { noToken, unknown, expired, malformed } = axwayRefusals;

describe('Axway tokeninfo', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ configuration: twoRealms });
    await storeToken(app, 'good');
  });
  afterAll(() => app.stop());

  describe('finds no token', () => {
    it.each(['', 'access_token', 'access_token=', 'token=good', 'ACCESS_TOKEN=good'])(
      'in %j',
      async (parameters) => {
        expect(await askAxway(app, parameters)).toEqual(noToken);
        expect(await postAxway(app, parameters)).toEqual(noToken);
      },
    );

    it('in the query of a POST', async () => {
      const headers = { 'content-type': formType };
      const path = `${axwayPath}?access_token=good`;
      expect(await ask(app, { path, headers, body: '' })).toEqual(noToken);
      expect(await ask(app, { path, headers, body: 'access_token=bad' })).toEqual(unknown);
      expect(await ask(app, { path })).toEqual(noToken);
    });

    it('in a header', async () => {
      const headers = { authorization: 'Bearer good' };
      expect(await ask(app, { method: 'GET', path: axwayPath, headers })).toEqual(noToken);
    });
  });

  it.each([
    'bad',
    'GOOD',
    'goo',
    'good+',
    'sya_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'syr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.',
    '%27+or+1%3D1--',
    '%25',
    '_',
    '*',
    'undefined',
    'null',
    '%F0%9F%94%91',
    'x'.repeat(8000),
  ])('does not know the token %.40s', async (token) => {
    expect(await askAxway(app, `access_token=${token}`)).toEqual(unknown);
    expect(await postAxway(app, `access_token=${token}`)).toEqual(unknown);
  });

  it('calls a token expired from its end on, and not in its last second', async () => {
    await storeToken(app, 'short', { expiresAt: app.clock.now() + 2000 });
    const left = async () => {
      const { status, body } = await askAxway(app, 'access_token=short');
      return status === 200 ? (JSON.parse(body) as { expires_in: number }).expires_in : body;
    };
    const seen: unknown[] = [await left()];
    for (const milliseconds of [1, 999, 1, 998, 1]) {
      app.clock.advance(milliseconds);
      seen.push(await left());
    }
    app.clock.advance(-2000);
    expect(seen).toEqual([2, 1, 1, 1, 1, expired.body]);
  });

  describe('calls malformed', () => {
    it.each([
      'access_token=good&access_token=good',
      'access_token=good&access_token=',
      'access_token=&access_token=',
      'access_token[]=good',
      'access_token[0]=good',
      'access_token[$ne]=',
      'access_token%5B%24ne%5D=',
      'access_token[a][b]=good',
      'access_token%5B=good',
      'access_token=good%00',
      'access_token=%00',
      'access_token=%ED%A0%80',
      'access_token=%FF',
      'access_token=%C0%80',
      'access_token=%',
      'access_token=%u0041',
      'access_token=good&x=%00',
      'access_token=good&x=%FF',
      'access_token=good&%00=x',
    ])('the parameters %s', async (parameters) => {
      expect(await askAxway(app, parameters)).toEqual(malformed);
      expect(await postAxway(app, parameters)).toEqual(malformed);
    });

    it('a form that is not UTF-8', async () => {
      for (const bytes of [[0xff], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
        const form = Buffer.concat([Buffer.from('access_token=good&x='), Buffer.from(bytes)]);
        expect(await postAxway(app, form)).toEqual(malformed);
      }
    });

    it('a request line that is not ASCII', async () => {
      const request = `GET ${axwayPath}?access_token=good&x=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const { status, body } = await askRaw(app, Buffer.from(request, 'latin1'));
      expect([status, body]).toEqual([malformed.status, malformed.body]);
    });

    it('a form that is too long', async () => {
      expect(await postAxway(app, `access_token=good&x=${'x'.repeat(56 * 1024)}`)).toEqual(malformed);
    });

    it.each<Record<string, string>>([
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { 'content-type': `${formType}, application/json` },
      { 'content-type': '' },
      { 'content-type': formType, 'content-encoding': 'gzip' },
    ])('a body of %j', async (headers) => {
      expect(await ask(app, { path: axwayPath, headers, body: 'access_token=good' })).toEqual(malformed);
    });
  });
});
