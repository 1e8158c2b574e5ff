import type { Random } from './random.js';
import {
  bodies,
  contentTypes,
  extras,
  oddRealmPaths,
  realmPaths,
  realms,
  schemes,
  tokenless,
  unreadable,
} from './hostile-strings.js';
import { formType } from './token-endpoint.js';

/** A request under construction. */
export interface Draft {
  method: string;
  /** An origin before the path, for the absolute form of the request target. */
  origin: string;
  path: string;
  /** Parameters of the query, encoded. */
  query: string[];
  version: string;
  headers: [name: string, value: string][];
  /** Latin-1: a character is a byte. */
  body: string;
  framing: 'length' | 'chunked' | 'none';
}

/** Makes a request hostile in one way. */
export type HostileChange = (draft: Draft, random: Random, token: string) => void;

/** A parameter's value in one of its possible encodings. */
export function written(value: string, random: Random): string {
  const bytes = [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const bare = value.replace(/[^\x21-\x7E]/g, encodeURIComponent);
  const plus = encodeURIComponent(value).replaceAll('%20', '+');
  return random.pick([
    bare,
    bare,
    encodeURIComponent(value),
    plus,
    bytes,
    `${bytes.slice(0, 3)}${bare.slice(1)}`,
  ]);
}

/** Inserts each parameter at a random place. */
function insert(query: string[], random: Random, ...parameters: string[]): void {
  for (const parameter of parameters) query.splice(random.below(query.length + 1), 0, parameter);
}

const paths: ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.toUpperCase(),
  (path) => path.replace('token', 'token%69').replace('ii', 'i'),
  (path) => path.replace('oauth', '%6fauth'),
  (path) => `${path};x=1`,
  (path) => `${path}/x`,
  (path) => `/x/..${path}`,
  (path) => `/am${path}`,
  (path) => `/AM${path}`,
];

/** Replaces a header by one line for each value. Without a value it removes the header. */
function set(draft: Draft, name: string, ...values: string[]): void {
  const others = draft.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  draft.headers = [...others, ...values.map((value): [string, string] => [name, value])];
}

/** A form of this many bytes, with its token at a random place. */
function long(bytes: number, token: string, random: Random): string {
  const parameter = `access_token=${written(token, random)}`;
  const filler = (length: number) => `x=${'y'.repeat(Math.max(length - 2, 0))}`;
  const before = random.below(bytes - parameter.length - 10);
  return `${filler(before)}&${parameter}&${filler(bytes - filler(before).length - parameter.length - 2)}`;
}

/** Every hostile change. Some have two rows, so that they are picked more often. */
export const hostileChanges: readonly HostileChange[] = [
  (draft, random) => (draft.method = random.pick(['HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE', 'GET'])),
  (draft, random) => (draft.method = random.pick(['HEAD', 'HEAD', 'OPTIONS', 'POST'])),
  (draft, random) => (draft.path = random.pick(paths)(draft.path)),
  (draft, random) => (draft.path = draft.path.replace('/oauth2', `/oauth2${random.pick(realmPaths)}`)),
  (draft, random) => (draft.path = draft.path.replace('/oauth2', `/oauth2${random.pick(oddRealmPaths)}`)),
  (draft, random) => (draft.origin = random.pick(['http://x', 'HTTPS://y:1', 'http://[::1]:80', 'ftp://x'])),
  (draft, random) => insert(draft.query, random, random.pick(extras)),
  (draft, random) => insert(draft.query, random, random.pick(unreadable)),
  (draft, random) => insert(draft.query, random, random.pick(tokenless)),
  (draft, random) => insert(draft.query, random, `realm=${random.pick(realms)}`),
  (draft, random) =>
    insert(draft.query, random, ...realms.slice(random.below(9)).map((realm) => `realm=${realm}`)),
  (draft, random, token) => insert(draft.query, random, `access_token=${written(token, random)}`),
  (draft, random, token) => insert(draft.query, random, `token=${written(token, random)}`),
  (draft, random) => (draft.query = random.shuffled([...draft.query, ...draft.query])),
  (draft) => (draft.query = []),
  (draft, random) =>
    set(draft, 'Authorization', random.pick(['', 'Bearer', 'Bearer ', 'x', 'Basic YXBwOng=', 'Bearer \xe9'])),
  (draft, random, token) => set(draft, 'Authorization', random.pick(schemes) + token),
  (draft, random, token) =>
    set(
      draft,
      'authorization',
      `Bearer ${token}${random.pick(['  ', '\t', '=', ',', ' x', ',Bearer x', '"'])}`,
    ),
  (draft, random, token) =>
    set(draft, 'AUTHORIZATION', `Bearer ${token}`, ...random.pick([[`Bearer ${token}`], ['x'], ['', '']])),
  (draft, random, token) => set(draft, random.pick(['X-Token', 'Proxy-Authorization', 'x-token']), token),
  (draft, random) =>
    draft.headers.forEach((line) => (line[0] = random.pick([line[0].toLowerCase(), line[0].toUpperCase()]))),
  (draft, random) => set(draft, 'Content-Type', random.pick(contentTypes)),
  (draft) => set(draft, 'Content-Type'),
  (draft, random) => set(draft, 'Content-Type', formType, random.pick(contentTypes)),
  (draft, random) =>
    set(draft, 'Content-Encoding', random.pick(['identity', 'Identity', 'gzip', '', 'identity, identity'])),
  (draft, random) => (draft.framing = random.pick(['chunked', 'chunked', 'none'])),
  (draft) => (draft.body = ''),
  (draft, random) =>
    (draft.body = random.pick([draft.body, 'x=1']) + random.pick(['&', '']) + random.pick(bodies)),
  (draft, random) => (draft.body += `&${random.pick([...extras, ...unreadable, ...tokenless])}`),
  (draft, random, token) => (draft.body = long(4096 - 2 + random.below(5), token, random)),
  (draft, random, token) =>
    random.percent(40) && (draft.body = long(56 * 1024 - 2 + random.below(5), token, random)),
  (draft, random, token) => (draft.body += `&access_token=${written(token, random)}`),
  (draft, random) => set(draft, 'Expect', random.pick(['100-continue', '100-Continue', '200-ok'])),
  (draft, random) =>
    set(
      draft,
      random.pick(['Upgrade', 'Range', 'X-HTTP-Method-Override', 'If-None-Match']),
      random.pick(['h2c', '*', 'POST']),
    ),
  (draft) => (draft.headers = [...draft.headers, ['Connection', 'keep-alive'], ['Keep-Alive', 'timeout=1']]),
];
