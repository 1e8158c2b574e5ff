import { askRaw } from '../support/exchange.js';
import {
  type BothListeners,
  type ListenerName,
  receivedFor,
  startBothListeners,
  toldFault,
} from '../support/listeners.js';
import { formType, refusal, TokenEndpoint } from '../support/token-endpoint.js';

let listeners: BothListeners;
beforeAll(async () => {
  listeners = await startBothListeners();
});
afterAll(() => listeners.app.stop());

/** The head of a request for what both listeners have, except as stated. */
function head(stated: { line?: string; lines?: string[] } = {}): string {
  const { line = 'GET /healthz HTTP/1.1', lines = [] } = stated;
  return [line, 'Host: x', ...lines, '', ''].join('\r\n');
}

const kilobytes = (count: number) => 'x'.repeat(count * 1024);

const tooLongTarget = [414, 'The URL is too long.'] as const;
const tooLongHeaders = [431, 'The headers are too long.'] as const;
const notImplemented = [501, 'The method or the transfer coding is not implemented.'] as const;
const otherVersion = [505, 'This version of HTTP is not supported.'] as const;

const faults: (readonly [section: string, what: string, bytes: string, status: number, words: string])[] = [
  [
    'RFC 9110 §15.5.15',
    '17 KB of target',
    head({ line: `GET /${kilobytes(17)} HTTP/1.1` }),
    ...tooLongTarget,
  ],
  [
    'RFC 9110 §15.5.15',
    '17 KB of query',
    head({ line: `GET /healthz?${kilobytes(17)} HTTP/1.1` }),
    ...tooLongTarget,
  ],
  [
    'RFC 9110 §15.5.15',
    '200 KB of target',
    head({ line: `GET /${kilobytes(200)} HTTP/1.1` }),
    ...tooLongTarget,
  ],
  ['RFC 9110 §15.5.15', 'a target without end', `GET /${kilobytes(200)}`, ...tooLongTarget],
  ['RFC 6585 §5', '17 KB of header', head({ lines: [`X: ${kilobytes(17)}`] }), ...tooLongHeaders],
  ['RFC 6585 §5', '17 KB of name', head({ lines: [`${kilobytes(17)}: x`] }), ...tooLongHeaders],
  [
    'RFC 6585 §5',
    '3,000 headers of 7 bytes',
    head({ lines: Array<string>(3000).fill('abc: def') }),
    ...tooLongHeaders,
  ],
  ['RFC 6585 §5', '200 KB of header', head({ lines: [`X: ${kilobytes(200)}`] }), ...tooLongHeaders],
  ['RFC 6585 §5', 'headers without end', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(40_000)}`, ...tooLongHeaders],
  ['RFC 9110 §9.1', 'an unknown method', head({ line: 'STEAL /healthz HTTP/1.1' }), ...notImplemented],
  [
    'RFC 9110 §9.1',
    'a method that begins alike',
    head({ line: 'GETX /healthz HTTP/1.1' }),
    ...notImplemented,
  ],
  ['RFC 9110 §9.1', 'a method in lower case', head({ line: 'get /healthz HTTP/1.1' }), ...notImplemented],
  [
    'RFC 9110 §9.1',
    'a method of another protocol',
    head({ line: 'DESCRIBE /healthz HTTP/1.1' }),
    ...notImplemented,
  ],
  ['RFC 9110 §9.3.6', 'CONNECT', head({ line: 'CONNECT x:1 HTTP/1.1' }), ...notImplemented],
  ['RFC 9110 §15.6.6', 'HTTP/0.9 with headers', head({ line: 'GET /healthz HTTP/0.9' }), ...otherVersion],
  ['RFC 9110 §15.6.6', 'HTTP/1.2', head({ line: 'GET /healthz HTTP/1.2' }), ...otherVersion],
  ['RFC 9110 §15.6.6', 'HTTP/2.0', head({ line: 'GET /healthz HTTP/2.0' }), ...otherVersion],
  ['RFC 9110 §15.6.6', 'HTTP/3.0', head({ line: 'GET /healthz HTTP/3.0' }), ...otherVersion],
  ['RFC 9113 §3.4', 'the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', ...otherVersion],
];

describe.each<ListenerName>(['public', 'operator'])('the %s listener', (name) => {
  it.each(faults)('%s: answers %s', async (_section, _what, bytes, status, words) => {
    expect(toldFault(name, await askRaw(listeners[name], bytes))).toEqual({ status, words });
  });

  it.each([
    ['a version without a dot', 'GET /healthz HTTP/1'],
    ['a version of three digits', 'GET /healthz HTTP/1.10'],
    ['another protocol', 'GET /healthz HTTX/1.1'],
    ['a protocol in lower case', 'GET /healthz http/1.1'],
    ['no version', 'STEAL /healthz'],
    ['a method that is no token', 'ST(EAL /healthz HTTP/1.1'],
    ['a target with a space', 'GET /health z HTTP/1.1'],
    ['a target that is not ASCII', 'GET /health\xe9 HTTP/1.1'],
    ['tabs for spaces', 'GET\t/healthz\tHTTP/1.1'],
  ])('RFC 9112 §3: answers 400 to a request line with %s', async (_what, line) => {
    const answer = await askRaw(listeners[name], Buffer.from(head({ line }), 'latin1'));
    expect(toldFault(name, answer)).toEqual({ status: 400, words: 'The request is malformed.' });
  });

  it('RFC 9110 §6.6.1, RFC 9112 §9.6: dates each of these answers, and closes the connection behind it', async () => {
    const malformed = [head({ lines: ['no header'] }), 'garbage\r\n\r\n'];
    for (const bytes of [...malformed, ...faults.map(([, , bytes]) => bytes)]) {
      const received = await receivedFor(listeners[name], `${bytes}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
      const [lines, body] = received.split('\r\n\r\n');
      const date = /\r\nDate: (.*)/.exec(lines)?.[1] ?? '';
      expect(new Date(date).toUTCString()).toBe(date);
      expect(lines).toMatch(/\r\nConnection: close(\r\n|$)/);
      expect(received.length).toBe(lines.length + 4 + body.length);
      expect(lines).toContain(`\r\nContent-Length: ${body.length}`);
    }
  });

  it('RFC 9110 §15.6.2: serves 16 KB of target, and of headers', async () => {
    const line = `GET /healthz?${'x'.repeat(16 * 1024 - '/healthz?'.length)} HTTP/1.1`;
    const lines = [`X: ${'x'.repeat(16 * 1024 - 'HostxX'.length)}`];
    expect((await askRaw(listeners[name], head({ line, lines }))).status).toBe(200);
  });

  it('RFC 9110 §9.1: answers 405 to methods that it knows, and echoes nothing of a TRACE', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'M-SEARCH', 'QUERY', 'OPTIONS']) {
      const answer = await askRaw(
        listeners[name],
        head({ line: `${method} /healthz HTTP/1.1`, lines: ['X: canary'] }),
      );
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
      expect(answer.body).not.toContain('canary');
    }
  });
});

describe('a body', () => {
  const chunked = `POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: ${formType}\r\nTransfer-Encoding: chunked\r\n\r\n`;

  it.each([
    [
      'RFC 9112 §7.1.1',
      'chunk extensions of 20 KB',
      `1;${kilobytes(20)}\r\nx\r\n0\r\n\r\n`,
      413,
      'The request is too long.',
    ],
    [
      'RFC 9112 §7.1.2',
      'trailers of 200 KB',
      `1\r\nx\r\n0\r\nX: ${kilobytes(200)}\r\n\r\n`,
      ...tooLongHeaders,
    ],
    ['RFC 9112 §7.1', 'a chunk that is none', '1\r\nx\r\nzz\r\n', 400, 'The request is malformed.'],
  ])('%s: is refused with %s', async (_section, _what, body, status, words) => {
    const { app } = listeners;
    const tokens = new TokenEndpoint(app, '/oauth2/token');
    await tokens.leftBehind();
    expect(await askRaw(app, chunked + body)).toEqual(refusal('invalid_request', words, { status }));
    expect(await tokens.leftBehind()).toBe(0);
  });
});
