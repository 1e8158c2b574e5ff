import type { IncomingMessage } from 'node:http';
import { readConfig } from '../../src/config/config.js';
import { SettingsError } from '../../src/config/setting-reader.js';
import { CallerAddresses } from '../../src/http/request/caller-address.js';

let told = 0;
beforeEach(() => (told = 0));
const addresses = trusting('10.0.0.0/8,192.0.2.7,fd00::/8');

function trusting(proxies: string): CallerAddresses {
  const { trustedProxies } = readConfig({ TRUSTED_PROXIES: proxies }).login;
  return new CallerAddresses(trustedProxies, () => (told += 1));
}

/** A request that this peer sends. */
function from(remoteAddress: string | undefined, ...rawHeaders: string[]): IncomingMessage {
  return { socket: { remoteAddress }, rawHeaders } as IncomingMessage;
}

const forwarded = 'Forwarded';
const xff = 'X-Forwarded-For';

it.each<[why: string, peer: string, headers: string[], address: string]>([
  ['no header', '10.0.0.1', [], '10.0.0.1'],
  ['nobody trusts the peer', '198.51.100.1', [xff, '1.1.1.1'], '198.51.100.1'],
  ['nobody trusts the peer', '198.51.100.1', [forwarded, 'for=1.1.1.1'], '198.51.100.1'],
  ['one proxy', '10.0.0.1', [xff, '1.1.1.1'], '1.1.1.1'],
  ['a peer that is mapped into IPv6', '::ffff:10.0.0.1', [xff, '1.1.1.1'], '1.1.1.1'],
  ['a proxy of IPv6', 'fd00::1', [xff, '2001:DB8::1'], '2001:db8::1'],
  ['a single address is trusted', '192.0.2.7', [xff, '1.1.1.1'], '1.1.1.1'],
  ['the caller has written the first one', '10.0.0.1', [xff, '9.9.9.9, 1.1.1.1'], '1.1.1.1'],
  ['two proxies', '10.0.0.1', [xff, '9.9.9.9, 1.1.1.1, 10.0.0.2'], '1.1.1.1'],
  ['two lines', '10.0.0.1', [xff, '9.9.9.9,1.1.1.1', xff, '10.0.0.2'], '1.1.1.1'],
  ['all are proxies', '10.0.0.1', [xff, '10.0.0.3, 10.0.0.2'], '10.0.0.3'],
  ['a port', '10.0.0.1', [xff, '1.1.1.1:4711'], '1.1.1.1'],
  ['brackets and a port', '10.0.0.1', [xff, '[2001:db8::1]:4711'], '2001:db8::1'],
  ['a mapped address', '10.0.0.1', [xff, '::ffff:1.1.1.1'], '1.1.1.1'],
  ['any letter case of the name', '10.0.0.1', ['x-forwarded-FOR', '1.1.1.1'], '1.1.1.1'],
  ['garbage', '10.0.0.1', [xff, 'not an address'], '10.0.0.1'],
  ['an empty header', '10.0.0.1', [xff, ''], '10.0.0.1'],
  ['an empty element', '10.0.0.1', [xff, '1.1.1.1,'], '10.0.0.1'],
  ['garbage before a proxy', '10.0.0.1', [xff, 'unknown, 10.0.0.2'], '10.0.0.2'],
  ['garbage before an address', '10.0.0.1', [xff, 'unknown, 1.1.1.1'], '1.1.1.1'],
  ['too large numbers', '10.0.0.1', [xff, '1.1.1.256'], '10.0.0.1'],
  ['a plain node', '10.0.0.1', [forwarded, 'for=1.1.1.1'], '1.1.1.1'],
  ['more parameters', '10.0.0.1', [forwarded, 'proto=http; For="1.1.1.1:80" ;by=10.0.0.1'], '1.1.1.1'],
  ['IPv6', '10.0.0.1', [forwarded, 'for="[2001:db8:cafe::17]:4711"'], '2001:db8:cafe::17'],
  ['two elements', '10.0.0.1', [forwarded, 'for=9.9.9.9, for=1.1.1.1, for=10.0.0.2;proto=https'], '1.1.1.1'],
  ['two lines', '10.0.0.1', [forwarded, 'for=1.1.1.1', forwarded, 'for=10.0.0.2'], '1.1.1.1'],
  ['a hidden node', '10.0.0.1', [forwarded, 'for=_hidden, for=10.0.0.2'], '10.0.0.2'],
  ['an unknown node', '10.0.0.1', [forwarded, 'for=unknown'], '10.0.0.1'],
  ['a unix socket', '10.0.0.1', [forwarded, 'for="unix:"'], '10.0.0.1'],
  ['escapes', '10.0.0.1', [forwarded, 'for="1.1.1\\.1"'], '1.1.1.1'],
  ['separators in quotes', '10.0.0.1', [forwarded, 'secret="a,b;for=9.9.9.9";for=1.1.1.1'], '1.1.1.1'],
  ['two nodes in one element', '10.0.0.1', [forwarded, 'for=9.9.9.9;for=1.1.1.1'], '10.0.0.1'],
  ['no node', '10.0.0.1', [forwarded, 'proto=https'], '10.0.0.1'],
  ['an open quote', '10.0.0.1', [forwarded, 'for="1.1.1.1'], '10.0.0.1'],
  ['an open quote of the caller', '10.0.0.1', [forwarded, 'for="', forwarded, 'for=1.1.1.1'], '1.1.1.1'],
  ['both agree', '10.0.0.1', [xff, '1.1.1.1', forwarded, 'for=1.1.1.1'], '1.1.1.1'],
  ['both disagree', '10.0.0.1', [xff, '1.1.1.1', forwarded, 'for=2.2.2.2'], '10.0.0.1'],
  ['one of both is garbage', '10.0.0.1', [xff, '1.1.1.1', forwarded, 'garbage'], '10.0.0.1'],
])('%s: from %s with %j comes %s', (_why, peer, headers, address) => {
  expect(addresses.of(from(peer, ...headers))).toBe(address);
});

it.each([
  ['blanks', `for=${' '.repeat(200_000)}x y`],
  ['blanks before a separator', `for=x${' '.repeat(200_000)}y;for=z`],
  ['quotes', `for=${'"'.repeat(200_001)}`],
  ['escapes', `for="${'\\a'.repeat(100_000)}`],
  ['separators', `${';,'.repeat(100_000)}x`],
  ['addresses', Array<string>(20_000).fill('for=unknown').join()],
])('reads a report of many %s in time that grows with its length alone', (_what, report) => {
  expect(addresses.of(from('10.0.0.1', forwarded, report))).toBe('10.0.0.1');
  expect(addresses.of(from('10.0.0.1', xff, report))).toBe('10.0.0.1');
});

it('knows no address where the connection has none', () => {
  expect(addresses.of(from(undefined, xff, '1.1.1.1'))).toBeUndefined();
});

it('trusts nobody without a setting, and tells once that somebody should be', () => {
  const distrustful = trusting('');
  expect([distrustful.of(from('127.0.0.1')), told]).toEqual(['127.0.0.1', 0]);
  for (const header of [xff, forwarded]) {
    expect([distrustful.of(from('127.0.0.1', header, 'for=1.1.1.1')), told]).toEqual(['127.0.0.1', 1]);
  }
});

it.each([
  'proxy',
  '10.0.0.0/33',
  'fd00::/129',
  '10.0.0.0/',
  '10.0.0/8',
  '10.0.0.1/8/9',
  '10.0.0.1,,',
  '10.0.0.1 10.0.0.2',
  'fe80::1%eth0',
])('TRUSTED_PROXIES=%s stops the start', (text) => {
  expect(() => trusting(text)).toThrow(SettingsError);
  expect(() => trusting(text)).toThrow(/^TRUSTED_PROXIES: /);
});

it.each(['10.0.0.0/8', '::1', ' 10.0.0.1 , fd00::/8 '])('TRUSTED_PROXIES=%j is a list', (text) => {
  expect(() => trusting(text)).not.toThrow();
});
