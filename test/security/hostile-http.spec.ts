import type { Socket } from 'node:net';
import { TestApp } from '../support/app.js';
import { appCredentials, client, configuration } from '../support/configuration.js';
import { askRaw, RawConnection } from '../support/exchange.js';
import { basic, formType, malformed, refusal, success, TokenEndpoint } from '../support/token-endpoint.js';

const form = { grant_type: 'client_credentials', ...appCredentials };
const body = new URLSearchParams(form).toString();
const tooLong = refusal('invalid_request', 'The body is too long.');
const tooSlow = refusal('invalid_request', 'The request took too long.', { status: 408 });

let app: TestApp;
let tokens: TokenEndpoint;

beforeAll(async () => {
  app = await TestApp.start({
    settings: { ACCESS_LOG: 'all' },
    configuration: configuration({ '/': { clients: [client()] } }),
  });
  tokens = new TokenEndpoint(app, '/oauth2/token');
});
afterEach(async () => expect(await tokens.leftBehind()).toBe(0));
afterAll(() => app.stop());

/** The head of a token request, with these lines behind it. */
function head(...lines: string[]): string {
  return ['POST /oauth2/token HTTP/1.1', 'Host: x', `Content-Type: ${formType}`, ...lines, '', ''].join(
    '\r\n',
  );
}

const length = `Content-Length: ${body.length}`;
const whole = head(length) + body;

/** What the server answers on one connection, a request after the other. */
async function askOn(connection: RawConnection, request: string) {
  await connection.send(request);
  return tokens.seen(await connection.answer());
}

describe('what is no HTTP/1.1', () => {
  it.each([
    ['garbage', '\x00\x01\x02\xff\r\n\r\n'],
    ['a ClientHello of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a NUL in a header', head('X: a\0b', length) + body],
    ['a line feed in a header', head('X: a\nContent-Length 0', length) + body],
    ['a folded header', head('Authorization: Basic', ' YXBwOmFwcC1zZWNyZXQ=', 'X', length) + body],
    ['a space before the colon', head('Authorization : Basic YXBwOmFwcC1zZWNyZXQ=', length) + body],
    ['two lengths', head(length, 'Content-Length: 0') + body],
    ['a length that is no number', head('Content-Length: +5') + body],
    ['a length beside chunks', head(length, 'Transfer-Encoding: chunked') + '0\r\n\r\n'],
    ['an unknown transfer coding', head('Transfer-Encoding: chunked, cow') + body],
    ['a chunk without length', head('Transfer-Encoding: chunked') + 'zz\r\n'],
  ])('RFC 9112 §2.2 is answered 400: %s', async (_what, request) => {
    expect(await askRaw(app, Buffer.from(request, 'latin1'))).toEqual(malformed);
  });

  it('RFC 9112 §9.3.2 is told from the request before it', async () => {
    const connection = await RawConnection.open(app);
    expect(await askOn(connection, whole)).toEqual(success('read'));
    expect(await askOn(connection, 'garbage\r\n\r\n')).toEqual(malformed);
    connection.close();
  });
});

describe('strange HTTP/1.1', () => {
  it.each([
    ['3,000 header lines', head(...Array.from({ length: 3000 }, () => 'a:b'), length) + body],
    ['a body in chunks of a byte', head('Transfer-Encoding: chunked') + chunked([...body])],
    ['chunks with extensions and trailers', head('Transfer-Encoding: chunked') + extended(body)],
    ['an unknown expectation', head('Expect: 200-ok', length) + body],
    ['an upgrade', head('Connection: Upgrade', 'Upgrade: websocket', length) + body],
    ['HTTP/1.0 without Host', whole.replace('HTTP/1.1\r\nHost: x', 'HTTP/1.0')],
  ])('RFC 9112 is served: %s', async (_what, request) => {
    expect(tokens.seen(await askRaw(app, request))).toEqual(success('read'));
  });

  it('RFC 9112 §6.5.1 reads no Authorization from a trailer', async () => {
    const trailer = `authorization: ${basic('app:app-secret').authorization}`;
    const chunks = chunked(['grant_type=client_credentials']).replace('0\r\n', `0\r\n${trailer}\r\n`);
    expect(await askRaw(app, head('Transfer-Encoding: chunked') + chunks)).toMatchObject({ status: 401 });
  });

  it('RFC 9112 §9.3.2 answers pipelined requests in their order', async () => {
    const connection = await RawConnection.open(app);
    await connection.send(whole + head('Content-Length: 1') + 'x' + whole);
    expect(tokens.seen(await connection.answer())).toEqual(success('read'));
    expect(await connection.answer()).toMatchObject({ status: 400 });
    expect(tokens.seen(await connection.answer())).toEqual(success('read'));
    connection.close();
  });
});

describe('a body that goes on', () => {
  it.each([
    ['10 MB of a length that was told', head('Content-Length: 10000000') + 'x'.repeat(10_000_000)],
    [
      '10 MB in chunks',
      head('Transfer-Encoding: chunked') + chunked(['x'.repeat(5_000_000), 'x'.repeat(5_000_000)]),
    ],
  ])('is refused, and the connection goes on: %s', async (_what, request) => {
    const connection = await RawConnection.open(app);
    expect(await askOn(connection, request)).toEqual(tooLong);
    expect(await askOn(connection, whole)).toEqual(success('read'));
    connection.close();
  });

  it('is refused before its end, if it has one', async () => {
    const chunk = chunked(['x'.repeat(60_000)]).replace('0\r\n\r\n', '');
    expect(await askRaw(app, head('Transfer-Encoding: chunked') + chunk)).toEqual(tooLong);
    expect(await askRaw(app, head('Content-Length: 1000000000') + 'x'.repeat(60_000))).toEqual(tooLong);
  });
});

describe('a client that is slow', () => {
  it('keeps nobody else waiting', async () => {
    const idle = await Promise.all(Array.from({ length: 100 }, () => RawConnection.open(app)));
    await Promise.all(idle.map((connection, index) => connection.send(whole.slice(0, 20 + index))));
    expect(await tokens.ask(form)).toEqual(success('read'));
    for (const connection of idle) connection.close();
  });

  it('is answered as before when it ends after all', async () => {
    const connection = await RawConnection.open(app);
    for (const byte of whole.slice(0, -1)) await connection.send(byte);
    expect(await askOn(connection, whole.slice(-1))).toEqual(success('read'));
    connection.close();
  });

  it('RFC 9110 §15.5.9 is answered 408 when its headers, or its body, take too long', async () => {
    const { headersTimeout, requestTimeout } = app.server;
    Object.assign(app.server, { headersTimeout: 1, requestTimeout: 1 });
    const slow = [whole.slice(0, 50), whole.slice(0, -1), head('Transfer-Encoding: chunked') + '1\r\nx\r\n'];
    const answers = await Promise.all(slow.map((request) => askRaw(app, request)));
    Object.assign(app.server, { headersTimeout, requestTimeout });
    expect(answers).toEqual([tooSlow, tooSlow, tooSlow]);
  });

  it('may go in the middle of its request, which is no fault of ours', async () => {
    const connection = await RawConnection.open(app);
    const received = new Promise((resolve) => app.server.once('request', resolve));
    await connection.send(whole.slice(0, -1));
    const { socket } = (await received) as { socket: Socket };
    const closed = new Promise((resolve) => socket.once('close', resolve));
    connection.close();
    await closed;
    expect(await tokens.ask(form)).toEqual(success('read'));
    const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(expect.objectContaining({ route: '/oauth2/token', aborted: true }));
    expect(lines.filter(({ level }) => level !== 30)).toEqual([]);
  });
});

function chunked(parts: readonly string[]): string {
  return [...parts, ''].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
}

function extended(text: string): string {
  return `${text.length.toString(16)};name="value"\r\n${text}\r\n0\r\nX-Trailer: x\r\n\r\n`;
}
