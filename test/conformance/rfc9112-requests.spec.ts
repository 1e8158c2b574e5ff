import { askRaw, RawConnection } from '../support/exchange.js';
import {
  type BothListeners,
  type ListenerName,
  startBothListeners,
  toldFault,
} from '../support/listeners.js';

let listeners: BothListeners;
beforeAll(async () => {
  listeners = await startBothListeners({ ACCESS_LOG: 'all' });
});
afterAll(() => listeners.app.stop());

const malformed = { status: 400, words: 'The request is malformed.' };

function get(target: string, ...lines: string[]): string {
  return [`GET ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

describe.each<ListenerName>(['public', 'operator'])('the %s listener', (name) => {
  const statusOf = async (bytes: string) =>
    (await askRaw(listeners[name], Buffer.from(bytes, 'latin1'))).status;
  const faultOf = async (bytes: string) =>
    toldFault(name, await askRaw(listeners[name], Buffer.from(bytes, 'latin1')));

  it.each([
    [[]],
    [['Host: a', 'Host: b']],
    [['Host: a', 'Host: a']],
    [['Host: a', 'hOST:']],
    [['Host: a b']],
    [['Host: a, b']],
    [['Host: a/b']],
    [['Host: a?b']],
    [['Host: a#b']],
    [['Host: a\\b']],
    [['Host: "a"']],
    [['Host: user@a']],
    [['Host: http://a']],
    [['Host: a:b']],
    [['Host: a:80:80']],
    [['Host: :80']],
    [['Host: a%']],
    [['Host: a%zz']],
    [['Host: \xe9']],
    [['Host: [::1']],
    [['Host: ::1']],
    [['Host: []']],
    [['Host: [::1]x']],
    [['Host: [1.2.3.4]']],
    [['Host: [::1%25eth0]']],
    [[`Host: ${'a'.repeat(8000)}@`]],
  ])('RFC 9112 §3.2: answers 400 to %j', async (lines) => {
    expect(await faultOf(get('/healthz', ...lines))).toEqual(malformed);
  });

  it.each([
    'x',
    '',
    'x:',
    'x:80',
    'A.EXAMPLE:8080',
    '127.0.0.1:1',
    '[::1]',
    '[::ffff:1.2.3.4]:80',
    '[v1.a:b]',
    'a_b.example',
    'a%20b',
    "!$&'()*+,;=",
  ])('RFC 9112 §3.2: serves the Host %j, which it does not need', async (host) => {
    expect(await statusOf(get('/healthz', `Host: ${host}`))).toBe(200);
  });

  it('RFC 9112 §3.2: needs no Host from HTTP/1.0, but takes no wrong one', async () => {
    const old = (...lines: string[]) => get('/healthz', ...lines).replace('HTTP/1.1', 'HTTP/1.0');
    expect(await statusOf(old())).toBe(200);
    expect(await statusOf(old('Host: a'))).toBe(200);
    expect(await faultOf(old('Host: a', 'Host: b'))).toEqual(malformed);
    expect(await faultOf(old('Host: a/b'))).toEqual(malformed);
  });

  it('RFC 9112 §3.2: does not process a request behind a wrong Host', async () => {
    const connection = await RawConnection.open(listeners[name]);
    await connection.send(get('/healthz', 'Host: a b') + get('/healthz', 'Host: x'));
    expect((await connection.answer()).status).toBe(400);
    expect(await connection.rest()).toBe('');
  });

  it.each(['http://y/healthz', 'HTTP://Y:80/healthz', 'https://[::1]:1/healthz', 'http://y_z/healthz?x=/?'])(
    'RFC 9112 §3.2.2: serves the absolute form %s',
    async (target) => {
      expect(await statusOf(get(target, 'Host: x'))).toBe(200);
      expect(await faultOf(get(target, 'Host: x', 'Host: y'))).toEqual(malformed);
    },
  );

  it.each([
    ['RFC 9110 §4.2.1', 'http:///healthz'],
    ['RFC 9110 §4.2.1', 'http://:80/healthz'],
    ['RFC 9110 §4.2.4', 'http://user@y/healthz'],
    ['RFC 9110 §4.2.4', 'http://user:password@y/healthz'],
    ['RFC 3986 §3.2.3', 'http://y:x/healthz'],
    ['RFC 3986 §3.2.2', 'http://[::1/healthz'],
    ['RFC 3986 §3.2.2', 'http://[1.2]/healthz'],
    ['RFC 9112 §3.2.2', 'http://y/healthz#x'],
    ['RFC 9112 §3.2.1', '/healthz#x'],
    ['RFC 9112 §3.2.4', '*'],
  ])('%s: answers 400 to the target %s', async (_section, target) => {
    expect(await faultOf(get(target, 'Host: x'))).toEqual(malformed);
  });

  it.each([
    'ftp://y/healthz',
    'http://y',
    'http://y?x',
    '//healthz',
    '/healthz;x',
    '/HEALTHZ',
    '/%68ealthz/',
  ])('RFC 9112 §3.2: finds nothing at %s', async (target) => {
    expect(await statusOf(get(target, 'Host: x'))).toBe(404);
  });

  it('RFC 9112 §3.2.4: has no options of the whole server', async () => {
    expect(await statusOf(get('*', 'Host: x').replace('GET', 'OPTIONS'))).toBe(404);
  });

  it('RFC 9112 §2.2: skips empty lines before a request', async () => {
    expect(await statusOf(`\r\n\r\n${get('/healthz', 'Host: x')}`)).toBe(200);
  });
});

describe('RFC 9112 §3.2.2 the operator’s listener', () => {
  it.each([
    [200, 'http://y'],
    [403, 'http://x'],
  ])(
    'answers %d to a page of %s, since the host of the absolute form counts and not Host',
    async (status, origin) => {
      const bytes = get('http://y/healthz', 'Host: x', `Origin: ${origin}`);
      expect((await askRaw(listeners.operator, bytes)).status).toBe(status);
    },
  );
});

it('RFC 9112 §3.2 faults are logged without what was sent', async () => {
  const { app } = listeners;
  await askRaw(app, get('/healthz?canary', 'Host: canary canary', 'X: canary'));
  const lines = app.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const { correlationId, ...line } = lines.filter(({ msg }) => msg === 'request').at(-1) ?? {};
  expect(line).toMatchObject({
    route: 'none',
    method: 'GET',
    status: 400,
    error: 'invalid_request',
    detail: 'not one Host header with a host',
  });
  expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(app.logged.join('')).not.toContain('canary');
});
