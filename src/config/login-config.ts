import { BlockList, isIP } from 'node:net';
import type { SettingReader } from './setting-reader.js';

/** Settings of those who send passwords and secrets. */
export interface LoginConfig {
  /** The proxies that are believed where a request comes from. */
  readonly trustedProxies: BlockList;
}

/** Reads the settings; the reader collects the problems with them. */
export function readLogin(reader: SettingReader): LoginConfig {
  return { trustedProxies: readProxies(reader) };
}

function readProxies(reader: SettingReader): BlockList {
  const proxies = new BlockList();
  for (const text of reader.list('TRUSTED_PROXIES')) {
    if (!addProxy(proxies, text)) {
      reader.refuse(
        'TRUSTED_PROXIES',
        'not a comma-separated list of addresses and networks, such as 10.0.0.0/8 or fd00::/8',
      );
    }
  }
  return proxies;
}

/** Adds an address or a network to a list, and returns whether the text is one. */
function addProxy(proxies: BlockList, text: string): boolean {
  const [, address, bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address ?? '');
  if (version === 0 || Number(bits ?? 0) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) proxies.addAddress(address, family);
  else proxies.addSubnet(address, Number(bits), family);
  return true;
}
