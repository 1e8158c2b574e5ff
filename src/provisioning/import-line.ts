import { hashToken } from '../domain/access-token.js';
import type { Pairs } from '../domain/attributes.js';
import { isRealmPath, rootRealm } from '../domain/realm.js';
import { isScopeToken, type Scope, splitAtSpaces } from '../domain/scope.js';
import { hasOwnForm } from '../domain/token-codec.js';
import { type Check, form, line, oneOf, text, wholeNumber } from './checks.js';
import { maxLineBytes } from './lines.js';
import { parseTime } from './time.js';

/** A token as parsed from a line of an import file. Whether its subjects exist is not known yet. */
export interface ImportLine {
  readonly type: 'access_token' | 'refresh_token';
  /** SHA-256 of the token's value: 32 bytes. */
  readonly hash: Buffer;
  readonly realm: string;
  readonly clientId: string;
  readonly username?: string;
  readonly scope: Scope;
  readonly grantType: string;
  readonly authLevel?: number;
  /** Milliseconds since 1970. */
  readonly issuedAt?: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly additionalInformation?: Pairs;
  /** What the other server calls the login or grant that the token came of; it ties its tokens together. */
  readonly family?: string;
}

/** A line that cannot be imported. The message names key and reason in fixed words, never the content. */
export class BadLine extends Error {
  constructor(reason: string, key?: string) {
    super(key === undefined ? reason : `${key}: ${reason}`);
    this.name = 'BadLine';
  }
}

const keys = new Set([
  'token',
  'sha256',
  'type',
  'client_id',
  'username',
  'realm',
  'scope',
  'grant_type',
  'auth_level',
  'expires_at',
  'issued_at',
  'additional_information',
  'family',
]);

const realmPath = form(isRealmPath, 'must be / or a path of realm names like /alpha or /a/b');
const grantTypeName = form((name) => /^[\x21-\x7E]{1,255}$/.test(name), 'must be the name of a grant type');
const sha256Form = form(
  (digest) => /^([0-9A-Fa-f]{64}|[A-Za-z0-9_-]{43})$/.test(digest),
  'must be 32 bytes in hexadecimal or base64url',
);

/**
 * Reads one line, a JSON object.
 * @throws BadLine when the line cannot be imported
 */
export function parseImportLine(bytes: Buffer): ImportLine {
  const fields = new Fields(readObject(bytes));
  const type = fields.text('type', oneOf(['access_token', 'refresh_token'])) ?? 'access_token';
  const username = fields.text('username', line(255));
  const grantType = fields.text('grant_type', grantTypeName);
  if (username === undefined && type === 'refresh_token') throw new BadLine('is missing', 'username');
  if (username === undefined && grantType === 'password') throw new BadLine('is missing', 'username');
  return {
    type: type as ImportLine['type'],
    hash: readHash(fields),
    realm: fields.text('realm', realmPath) ?? rootRealm,
    clientId: fields.required('client_id', fields.text('client_id', line(255))),
    username,
    scope: fields.required('scope', readScope(fields.value('scope'))),
    grantType: grantType ?? (username === undefined ? 'client_credentials' : 'password'),
    authLevel: fields.wholeNumber('auth_level', 2_147_483_647),
    issuedAt: readTime(fields, 'issued_at'),
    expiresAt: fields.required('expires_at', readTime(fields, 'expires_at')),
    additionalInformation: readPairs(fields.value('additional_information')),
    family: fields.text('family', line(255)),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readObject(bytes: Buffer): object {
  if (bytes.length > maxLineBytes) throw new BadLine(`is longer than ${maxLineBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    // The parser's own message would quote the line.
    throw new BadLine('is not JSON in UTF-8');
  }
  if (!isObject(value)) throw new BadLine('is not a JSON object');
  if (!Object.keys(value).every((key) => keys.has(key))) throw new BadLine('has an unknown key');
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of a line by their keys; a key with `null` counts as missing. */
class Fields {
  private readonly values: ReadonlyMap<string, unknown>;

  constructor(object: object) {
    this.values = new Map(Object.entries(object).filter(([, value]) => value !== null));
  }

  value(key: string): unknown {
    return this.values.get(key);
  }

  text(key: string, check: Check): string | undefined {
    return this.checked(key, check) as string | undefined;
  }

  wholeNumber(key: string, max: number): number | undefined {
    return this.checked(key, wholeNumber(0, max)) as number | undefined;
  }

  required<Value>(key: string, value: Value | undefined): Value {
    if (value === undefined) throw new BadLine('is missing', key);
    return value;
  }

  private checked(key: string, check: Check): unknown {
    const value = this.values.get(key);
    const reason = value === undefined ? undefined : check(value);
    if (reason !== undefined) throw new BadLine(reason, key);
    return value;
  }
}

function readHash(fields: Fields): Buffer {
  const sha256 = fields.text('sha256', sha256Form);
  const token = fields.text('token', line(16_384));
  if (token === undefined) {
    const digest = fields.required('token or sha256', sha256);
    return Buffer.from(digest, digest.length === 64 ? 'hex' : 'base64url');
  }
  if (sha256 !== undefined) throw new BadLine('must be left out beside token', 'sha256');
  // The tag of such a token would be wrong here, so the token would never be looked up.
  if (hasOwnForm(token)) throw new BadLine('must not have the form of the tokens issued here', 'token');
  return hashToken(token);
}

function readScope(value: unknown): Scope | undefined {
  if (value === undefined) return undefined;
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = items.filter((item) => typeof item === 'string');
  // A text holds any number of tokens, an item of a list one at most.
  const tokens = texts.map(splitAtSpaces);
  const oneEach = !Array.isArray(value) || tokens.every(({ length }) => length <= 1);
  if (texts.length < items.length || !oneEach || !tokens.flat().every(isScopeToken)) {
    throw new BadLine('must be scope tokens separated by spaces, or a list of them', 'scope');
  }
  return [...new Set(tokens.flat())];
}

function readTime(fields: Fields, key: string): number | undefined {
  const value = fields.value(key);
  if (value === undefined) return undefined;
  const time = parseTime(value);
  if (time === undefined) throw new BadLine('must be ISO 8601 with a zone, or seconds since 1970', key);
  return time;
}

function readPairs(value: unknown): Pairs | undefined {
  if (value === undefined) return undefined;
  const pairs = isObject(value) ? Object.entries(value) : undefined;
  if (!pairs?.every(([name, entry]) => !line(255)(name) && !text(1024)(entry))) {
    throw new BadLine('must be an object of texts', 'additional_information');
  }
  return pairs.length > 0 ? (pairs as [string, string][]) : undefined;
}
