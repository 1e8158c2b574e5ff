import { FastHasher } from '../provisioning/fast-hasher.js';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { askRaw, RawConnection } from '../support/exchange.js';
import { rawGet } from '../support/raw-requests.js';
import { formType, malformed, refusal, success, TokenEndpoint } from '../support/token-endpoint.js';
import { axwayPath } from '../support/tokeninfo.js';

const form = new URLSearchParams({ grant_type: 'client_credentials', ...appCredentials }).toString();
const notImplemented = refusal('invalid_request', 'The method or the transfer coding is not implemented.', {
  status: 501,
});

let app: TestApp;
let tokens: TokenEndpoint;
beforeAll(async () => {
  app = await TestApp.start({
    configuration: configuration({ '/': { clients: [client()] } }),
    hasher: new FastHasher(),
  });
  tokens = new TokenEndpoint(app, '/oauth2/token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

function post(path: string, version: string, lines: readonly string[], body: string): string {
  const head = [`POST ${path} HTTP/${version}`, 'Host: x', `Content-Type: ${formType}`, ...lines];
  return [...head, '', body].join('\r\n');
}

function chunked(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
}

describe('RFC 9112 §6.1', () => {
  it.each(['chunked', 'Chunked', 'CHUNKED', '\t chunked '])('reads a body in %j', async (coding) => {
    const bytes = post('/oauth2/token', '1.1', [`Transfer-Encoding: ${coding}`], chunked(form));
    expect(tokens.seen(await askRaw(app, bytes))).toEqual(success('read'));
  });

  it.each([
    [['gzip, chunked']],
    [['deflate,chunked']],
    [['x-cow, chunked']],
    [['identity, chunked']],
    [['gzip', 'chunked']],
  ])('answers 501 to a body in %j, whose codings are not all understood', async (codings) => {
    expect(await refused('1.1', codings)).toEqual(notImplemented);
  });

  it.each([['chunked'], ['gzip, chunked']])(
    'answers 400 to %s in HTTP/1.0, which has none',
    async (coding) => {
      expect(await refused('1.0', [coding])).toEqual(malformed);
    },
  );
});

describe('RFC 9112 §6.3 answers 400 to a body whose length is not certain', () => {
  it.each([
    [['gzip']],
    [['identity']],
    [['']],
    [['xchunked']],
    [['chunkedx']],
    [['chunked;q=1']],
    [['"chunked"']],
    [['chunked, gzip']],
    [['chunked, chunked']],
    [['chunked', 'chunked']],
    [['chunked', 'gzip']],
    [['chunked', 'identity']],
  ])('in %j', async (codings) => {
    expect(await refused('1.1', codings)).toEqual(malformed);
  });

  it.each([
    [['Content-Length: 5', 'Transfer-Encoding: chunked']],
    [['Transfer-Encoding: chunked', 'Content-Length: 5']],
    [['Content-Length: 5', 'Content-Length: 5']],
    [['Content-Length: 5', 'Content-Length: 6']],
    [['Content-Length: 5, 5']],
    [['Content-Length: +5']],
    [['Content-Length: -5']],
    [['Content-Length: 0x5']],
    [['Content-Length: 5 5']],
    [['Content-Length:']],
    [['Content-Length: 99999999999999999999999']],
  ])('by %j', async (lines) => {
    expect(await askRaw(app, post('/oauth2/token', '1.1', lines, form))).toEqual(malformed);
  });
});

/** The answer to a request whose body is in these codings: the last one, at each endpoint, and for a GET. */
async function refused(version: string, codings: readonly string[]) {
  const lines = codings.map((coding) => `Transfer-Encoding: ${coding}`);
  // What follows would be a request of its own to a server that takes another length.
  const behind = chunked(form) + rawGet('/readyz');
  const requests = [
    post('/oauth2/token', version, lines, behind),
    post(axwayPath, version, lines, behind),
    [`GET ${axwayPath}?access_token=x HTTP/${version}`, 'Host: x', ...lines, '', behind].join('\r\n'),
  ];
  const answers = [];
  for (const request of requests) {
    const connection = await RawConnection.open(app);
    await connection.send(request);
    answers.push(await connection.answer());
    expect(await connection.rest()).toBe('');
  }
  expect(answers).toEqual(Array(3).fill(answers[0]));
  return answers[0];
}
