import type { TestApp } from '../support/app.js';
import { ask, askRaw } from '../support/exchange.js';
import { formType, malformed, members, refusal } from '../support/token-endpoint.js';
import { TokenLife } from '../support/token-life.js';
import { axwayPath } from '../support/tokeninfo.js';

const credentials = 'client_id=app&client_secret=app-secret';
const grant = `grant_type=client_credentials&${credentials}`;
const wrongType = refusal(
  'invalid_request',
  'The header Content-Type must be application/x-www-form-urlencoded.',
);

let life: TokenLife;
let app: TestApp;
/** An active token. */
let token: string;

beforeAll(async () => {
  life = await TokenLife.start();
  ({ app } = life);
  token = (await life.login()).access;
});
afterAll(() => life.stop());

/** Every endpoint that reads a form, and the form. */
const endpoints: [path: string, form: () => string][] = [
  ['/oauth2/access_token', () => grant],
  ['/oauth2/token', () => grant],
  ['/api/oauth/token', () => grant],
  ['/oauth2/introspect', () => `token=${token}&${credentials}`],
  ['/oauth2/revoke', () => `token=none&${credentials}`],
  ['/oauth2/token/revoke', () => `token=none&${credentials}`],
  ['/api/oauth/revoke', () => `token=none&${credentials}`],
  [axwayPath, () => `access_token=${token}`],
];

describe('RFC 9110 §5.6.6 parameters that a media type does not have are ignored', () => {
  it.each([
    '',
    ';',
    '; ',
    ' \t;\t',
    ';;',
    ' ; ;charset=utf-8; ',
    ';charset=UTF-8',
    '; charset=ISO-8859-1',
    ';\tcharset=us-ascii',
    '; charset=utf8',
    '; charset="utf-16"',
    '; charset=""',
    '; charset=utf-8; charset=latin1',
    '; boundary=x',
    '; x="a;b, c=\\"d\\" \\\\ é"',
    "; !#$%&'*+.^_`|~09Az-=!#$%&'*+.^_`|~09Az-",
  ])('at every endpoint: %j', async (parameters) => {
    for (const [path, form] of endpoints) {
      const type = Buffer.from(`${formType}${parameters}`, 'utf8').toString('latin1');
      const answer = await ask(app, { path, body: form(), headers: { 'content-type': type } });
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  it('whatever the letter case of the type', async () => {
    for (const type of [formType.toUpperCase(), 'Application/X-WWW-Form-UrlEncoded;CHARSET=x']) {
      const answer = await ask(app, {
        path: '/oauth2/token',
        body: grant,
        headers: { 'content-type': type },
      });
      expect(members(answer).scope).toBe('read');
    }
  });

  it('and bytes that are no UTF-8 stay refused, although a charset names what they are', async () => {
    const headers = { 'content-type': `${formType}; charset=ISO-8859-1` };
    const body = Buffer.from(`${grant}&x=é`, 'latin1');
    for (const [path] of endpoints) expect(await ask(app, { path, body, headers })).toEqual(malformed);
  });
});

describe('RFC 9110 §8.3 a body of another type is refused, in words that name the header', () => {
  it.each([
    '',
    ';',
    'x',
    '/',
    'application/',
    'application/json',
    'application/json; charset=utf-8',
    'multipart/form-data; boundary=x',
    'text/plain',
    '*/*',
    `${formType}2`,
    `x${formType}`,
    `"${formType}"`,
    `${formType} charset=utf-8`,
    `${formType}, application/json`,
    `${formType}; charset=utf-8, application/json`,
    `${formType}; charset`,
    `${formType}; charset=`,
    `${formType}; charset = utf-8`,
    `${formType}; =utf-8`,
    `${formType}; charset="utf-8`,
    `${formType}; charset="utf-8"x`,
    `${formType}; a b=c`,
  ])('%j', async (type) => {
    const headers = { 'content-type': type };
    for (const [path, form] of endpoints) {
      const answer = await ask(app, { path, body: form(), headers });
      // Axway's flavour has one text for everything that it cannot read.
      expect(answer).toEqual(path === axwayPath ? malformed : wrongType);
    }
  });

  it('and so are two headers, of which Node would show the first', async () => {
    const head = `POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: ${grant.length}\r\n`;
    for (const [first, second] of [
      [formType, 'application/json'],
      [formType, formType],
    ]) {
      const types = `Content-Type: ${first}\r\ncontent-type: ${second}\r\n`;
      expect(await askRaw(app, `${head}${types}\r\n${grant}`)).toEqual(wrongType);
    }
  });

  it('at once, however long and near to the grammar it is', async () => {
    for (const near of [
      ';'.repeat(15_000),
      '; '.repeat(7_000),
      ';a=a'.repeat(3_000),
      ';a="a"'.repeat(2_500),
    ]) {
      const headers = { 'content-type': `${formType}${near}\x01`.replace('\x01', '=') };
      expect(await ask(app, { path: '/oauth2/token', body: grant, headers })).toEqual(wrongType);
    }
  });
});
