import { availableParallelism } from 'node:os';
import { BlockList, isIP } from 'node:net';
import type { SettingReader } from './setting-reader.js';

/** Settings of what passwords and secrets cost, and of those who guess them. */
export interface LoginConfig {
  readonly hashing: {
    /** How many hashes a process computes at once. */
    readonly atOnce: number;
    /** How many wait besides. */
    readonly queue: number;
    /** Seconds that one waits at most. */
    readonly timeout: number;
  };
  /** Undefined where attempts are not counted. */
  readonly throttle?: {
    /** Wrong attempts at a subject from one address before a back-off. */
    readonly attempts: number;
    /** Wrong attempts at a user in an hour, whatever the address. */
    readonly attemptsOfUser: number;
    /** The longest back-off in seconds. */
    readonly backoffMax: number;
  };
  /** The proxies that are believed where a request comes from. */
  readonly trustedProxies: BlockList;
}

/**
 * Reads the settings; the reader collects the problems with them.
 * @param workers how many processes share the machine
 */
export function readLogin(reader: SettingReader, workers: number): LoginConfig {
  const throttled = reader.oneOf('LOGIN_THROTTLE', ['on', 'off']) === 'on';
  const throttle = {
    attempts: reader.integer('LOGIN_ATTEMPTS', 1, 1_000_000),
    attemptsOfUser: reader.integer('LOGIN_ATTEMPTS_USER', 1, 1_000_000),
    backoffMax: reader.integer('LOGIN_BACKOFF_MAX', 1, 3600),
  };
  return {
    hashing: {
      atOnce: hashesAtOnce(reader.integer('UV_THREADPOOL_SIZE', 1, 1024), workers),
      queue: reader.integer('HASH_QUEUE', 1, 10_000),
      timeout: reader.integer('HASH_TIMEOUT', 1, 10),
    },
    throttle: throttled ? throttle : undefined,
    trustedProxies: readProxies(reader),
  };
}

/** As many as this worker's share of the cores. One thread is left to resolve names and to read files. */
function hashesAtOnce(threads: number, workers: number): number {
  const cores = Math.floor(availableParallelism() / workers);
  return Math.max(1, Math.min(cores, threads - 1));
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
