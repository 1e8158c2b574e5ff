import { destinationOf, isRegisteredRedirectUri, redirectUriKind } from '../../src/domain/redirect-uri.js';

describe('a redirect URI that is registered', () => {
  it.each([
    'https://client.example/callback',
    'https://client.example',
    'https://client.example:8443/a/b?c=d&e=%20',
    'https://[2001:db8::1]/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:3000/callback',
    'http://[::1]:3000/',
    'http://localhost?next',
    'com.example.app:/callback',
    'com.example.app://callback',
    'com.example.app:callback',
  ])('may be %s', (uri) => {
    expect(redirectUriKind(uri)).toBe('secure');
  });

  it.each([
    'http://client.example/callback',
    'http://127.0.0.2/',
    'http://localhost.example/',
    'http://127.1/',
  ])('is insecure as %s', (uri) => {
    expect(redirectUriKind(uri)).toBe('insecure');
  });

  it.each([
    '',
    '/callback',
    '//client.example/callback',
    'client.example/callback',
    'https:',
    'https://',
    'https:client.example',
    'https:///callback',
    'https://?query',
    'https://client.example/callback#',
    'https://client.example/#fragment',
    'https://user@client.example/',
    'https://user:secret@client.example/',
    'https://@client.example/',
    'https://*.client.example/',
    'https://client.example/*',
    'https://client.example/a b',
    'https://client.example/ä',
    'https://client.example\\@evil.example/',
    'https://client.example/\n',
    'https://client.example/%',
    'https://client.example/%4',
    'https://client.example:99999/',
    'http://user@127.0.0.1/',
    'com.example.app://user@host/',
    'javascript:alert(1)',
    'data:text/html,hello',
    'myapp:/callback',
    'urn:ietf:wg:oauth:2.0:oob',
    `https://client.example/${'a'.repeat(2000)}`,
  ])('must not be %j', (uri) => {
    expect(redirectUriKind(uri)).toBeUndefined();
  });
});

describe('a redirect URI that is presented', () => {
  const registered = [
    'https://client.example/callback?a=1',
    'http://client.example/',
    'com.example.app:/callback',
  ];

  it.each(registered)('is registered as %s, byte for byte', (uri) => {
    expect(isRegisteredRedirectUri(registered, uri)).toBe(true);
  });

  it.each([
    'https://client.example/callback',
    'https://client.example/callback?a=1&',
    'https://client.example/callback?a=1#',
    'https://client.example/callback/?a=1',
    'https://client.example/Callback?a=1',
    'https://CLIENT.example/callback?a=1',
    'https://client.example:443/callback?a=1',
    'https://client.example:8443/callback?a=1',
    'https://client.example/%63allback?a=1',
    'https://client.example/x/../callback?a=1',
    'https://client.example.evil.example/callback?a=1',
    'https://evil.client.example/callback?a=1',
    'https://client.example@evil.example/callback?a=1',
    'http://client.example/callback?a=1',
    'http://client.example:81/',
    'com.example.app://callback',
    ' https://client.example/callback?a=1',
    '',
  ])('is not registered as %j', (uri) => {
    expect(isRegisteredRedirectUri(registered, uri)).toBe(false);
  });

  const hosts = ['127.0.0.1', '[::1]', 'localhost'];

  it.each(hosts)('RFC 8252 §7.3 may have any port on %s', (host) => {
    for (const own of [`http://${host}/callback`, `http://${host}:3000/callback`]) {
      for (const port of ['', ':1', ':80', ':3000', ':49152', ':65535']) {
        expect(isRegisteredRedirectUri([own], `http://${host}${port}/callback`)).toBe(true);
      }
      const others = [':0', ':65536', ':99999', ':', ':x', ':3000:1', ':123456'].map(
        (port) => `http://${host}${port}/callback`,
      );
      for (const other of [
        ...others,
        `https://${host}:3000/callback`,
        `http://${host}:3000/callback/`,
        `http://${host}:3000/callback?a`,
        `http://${host}:3000`,
        `http://user@${host}:3000/callback`,
        `http://${host}:3000@evil.example/callback`,
        `http://${host}.evil.example:3000/callback`,
        'http://127.0.0.2:3000/callback',
        'http://127.1:3000/callback',
      ]) {
        expect(isRegisteredRedirectUri([own], other)).toBe(false);
      }
    }
  });

  it('RFC 8252 §7.3 is not one of another loopback host', () => {
    for (const one of hosts) {
      for (const other of hosts.filter((host) => host !== one)) {
        expect(isRegisteredRedirectUri([`http://${one}/`], `http://${other}/`)).toBe(false);
        expect(isRegisteredRedirectUri([`http://${one}/`], `http://${other}:3000/`)).toBe(false);
      }
    }
  });
});

it.each([
  ['https://client.example/callback?a', 'client.example'],
  ['https://client.example:8443/', 'client.example:8443'],
  ['http://[::1]:3000/', '[::1]:3000'],
  ['com.example.app:/callback', 'com.example.app:'],
])('%s leads to %s', (uri, destination) => {
  expect(destinationOf(uri)).toBe(destination);
});
