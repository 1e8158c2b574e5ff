import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { isRealmPath } from './domain/realm.js';

/** A setting, as the README's table lists it. */
export interface Setting {
  /** Name of the environment variable. */
  readonly name: string;
  /** What it is when the variable is not set, or set empty; undefined for nothing. */
  readonly fallback?: string;
}

/** Every setting there is. */
export const settings = [
  { name: 'PORT', fallback: '8080' },
  { name: 'HOST', fallback: '127.0.0.1' },
  { name: 'ISSUER' },
  { name: 'BASE_PREFIX', fallback: '/am' },
  { name: 'TLS_KEY_FILE' },
  { name: 'TLS_CERT_FILE' },
  { name: 'DATABASE_URL' },
  { name: 'DATABASE_POOL', fallback: '10' },
  { name: 'DATA_DIR', fallback: './.symbolon' },
  { name: 'TOKEN_STORE', fallback: 'database' },
  { name: 'CONFIG_FILE' },
  { name: 'TOKENINFO_REALMS', fallback: 'named' },
  { name: 'AXWAY_REALMS', fallback: '*' },
  { name: 'AXWAY_TOKENINFO_METHODS', fallback: 'GET,POST' },
  { name: 'AXWAY_TOKEN_PARAMETER', fallback: 'access_token' },
  { name: 'AXWAY_TOKEN_SELECTOR' },
  { name: 'AXWAY_ADDITIONAL_PARAMETERS', fallback: '[]' },
  { name: 'SELECTOR_ENV' },
  { name: 'ACCESS_LOG', fallback: 'refused' },
  { name: 'LOG_LEVEL', fallback: 'info' },
  { name: 'NODE_ENV', fallback: 'development' },
] as const satisfies readonly Setting[];

type SettingName = (typeof settings)[number]['name'];

/** The environment: names and texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where tokens and the directory are kept. */
export type DatabaseConfig =
  /** A PostgreSQL server. */
  | { readonly kind: 'server'; readonly url: string; readonly poolSize: number }
  /** The embedded PostgreSQL, its data in this folder. */
  | { readonly kind: 'embedded'; readonly dataDir: string };

/** Everything that is set, read once and typed. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Our identifier, a URL (RFC 8414 §2). */
  readonly issuer: string;
  /** `/am`, or empty for none. */
  readonly basePrefix: string;
  /** PEM texts; undefined for plain HTTP. */
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
  readonly database: DatabaseConfig;
  readonly tokenStore: 'database' | 'memory';
  /** Path of the `symbolon.yaml` to apply at start; undefined for none. */
  readonly configFile?: string;
  /** Whether the demo is applied: the embedded database, no file, and not in production. */
  readonly demo: boolean;
  readonly tokenInfo: TokenInfoConfig;
  readonly accessLog: 'all' | 'refused' | 'off';
  readonly logLevel: string;
  /** The environment, for `${NAME}` in the file alone. */
  readonly environment: Environment;
}

export interface TokenInfoConfig {
  readonly realms: 'named' | 'any';
  /** Paths of realms; undefined for every realm. */
  readonly axwayRealms?: readonly string[];
  readonly axwayGet: boolean;
  readonly axwayTokenSource: { readonly parameter: string } | { readonly selector: string };
  readonly axwayAdditionalParameters: readonly { readonly name: string; readonly value: string }[];
  /** The variables that `${env.NAME}` may read, and their values. */
  readonly selectorEnvironment: ReadonlyMap<string, string>;
}

/** The settings cannot be used; the message names each bad one and the reason, a line each, and never its value. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Builds what a setting describes.
 * @param build may throw an error whose message is written for the operator
 * @throws ConfigError with the setting's name before that message
 */
export function builtFrom<Built>(name: SettingName, build: () => Built): Built {
  try {
    return build();
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message}`]);
  }
}

/**
 * Reads every setting.
 * @throws ConfigError
 */
export function readConfig(environment: Environment = process.env): Config {
  const reader = new SettingReader(environment);
  const config = readAll(reader, environment);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return config;
}

function readAll(reader: SettingReader, environment: Environment): Config {
  const port = reader.integer('PORT', 0, 65535);
  const host = reader.text('HOST') ?? '';
  const tls = readTls(reader);
  const configFile = reader.text('CONFIG_FILE');
  const production = reader.text('NODE_ENV') === 'production';
  const demo = reader.text('DATABASE_URL') === undefined && configFile === undefined && !production;
  const database = readDatabase(reader, demo);
  if (demo && !isLoopback(host)) {
    reader.refuse(
      'HOST',
      'the demo is served on a loopback address alone; name a CONFIG_FILE to serve elsewhere',
    );
  }
  if (reader.text('TOKEN_STORE') === 'memory' && database.kind === 'server') {
    // Another node would call its tokens unknown.
    reader.refuse('TOKEN_STORE', 'memory goes with the embedded database, not with DATABASE_URL');
  }
  return {
    port,
    host,
    issuer: readIssuer(
      reader,
      `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ),
    basePrefix: readBasePrefix(reader),
    tls,
    database,
    tokenStore: reader.oneOf('TOKEN_STORE', ['database', 'memory']),
    configFile,
    demo,
    tokenInfo: readTokenInfo(reader, environment),
    accessLog: reader.oneOf('ACCESS_LOG', ['all', 'refused', 'off']),
    logLevel: reader.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    environment,
  };
}

function readDatabase(reader: SettingReader, demo: boolean): DatabaseConfig {
  const url = reader.text('DATABASE_URL');
  const poolSize = reader.integer('DATABASE_POOL', 1, 1000);
  if (url === undefined) {
    const dataDir = reader.text('DATA_DIR') ?? '';
    // Its passwords are known to everybody, so the demo must not live on in data that is served in earnest.
    return { kind: 'embedded', dataDir: demo ? join(dataDir, 'demo') : dataDir };
  }
  if (!isConnectionUri(url)) {
    reader.refuse('DATABASE_URL', 'not a connection URI, postgres://user:password@host:port/database');
  }
  return { kind: 'server', url, poolSize };
}

function isConnectionUri(url: string): boolean {
  try {
    const { username, password } = new URL(url);
    decodeURIComponent(username + password); // The driver will do so, and would throw then.
    return /^postgres(ql)?:\/\/./.test(url);
  } catch {
    return false;
  }
}

function readTls(reader: SettingReader): Config['tls'] {
  const key = reader.file('TLS_KEY_FILE');
  const cert = reader.file('TLS_CERT_FILE');
  if ((reader.text('TLS_KEY_FILE') === undefined) !== (reader.text('TLS_CERT_FILE') === undefined)) {
    reader.refuse('TLS_KEY_FILE', 'TLS_KEY_FILE and TLS_CERT_FILE go together');
  }
  if (!key || !cert) return undefined;
  try {
    createSecureContext({ key, cert });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    reader.refuse('TLS_KEY_FILE', `this and TLS_CERT_FILE are not a PEM key and its certificate (${code})`);
  }
  return { key, cert };
}

function readIssuer(reader: SettingReader, fallback: string): string {
  const issuer = reader.text('ISSUER');
  if (issuer === undefined) return fallback;
  if (!/^https?:\/\/[^?#\s]+$/.test(issuer) || !URL.canParse(issuer) || issuer.endsWith('/')) {
    reader.refuse('ISSUER', 'not an http or https URL without query, fragment and trailing slash');
  }
  return issuer;
}

function readBasePrefix(reader: SettingReader): string {
  const prefix = reader.text('BASE_PREFIX') ?? '';
  if (prefix === '/') return '';
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(prefix) || /^\/(oauth2|api)(\/|$)/.test(prefix)) {
    reader.refuse('BASE_PREFIX', 'not a path such as /am (a lone / for none)');
  }
  return prefix;
}

function readTokenInfo(reader: SettingReader, environment: Environment): TokenInfoConfig {
  const axwayRealms = reader.list('AXWAY_REALMS');
  const everyRealm = axwayRealms.length === 1 && axwayRealms[0] === '*';
  if (!everyRealm && !axwayRealms.every(isRealmPath)) {
    reader.refuse('AXWAY_REALMS', 'neither * nor a comma-separated list of realms such as /,/alpha');
  }
  const methods = reader.list('AXWAY_TOKENINFO_METHODS').sort().join(',');
  if (methods !== 'POST' && methods !== 'GET,POST') {
    reader.refuse('AXWAY_TOKENINFO_METHODS', 'neither GET,POST nor POST');
  }
  const selector = reader.text('AXWAY_TOKEN_SELECTOR');
  const parameter = reader.text('AXWAY_TOKEN_PARAMETER') ?? '';
  return {
    realms: reader.oneOf('TOKENINFO_REALMS', ['named', 'any']),
    axwayRealms: everyRealm ? undefined : axwayRealms,
    axwayGet: methods !== 'POST',
    axwayTokenSource: selector === undefined ? { parameter } : { selector },
    axwayAdditionalParameters: reader.rows('AXWAY_ADDITIONAL_PARAMETERS'),
    selectorEnvironment: new Map(
      reader.list('SELECTOR_ENV').flatMap((name) => {
        const value = environment[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Reads settings one by one and gathers what is wrong with them. */
class SettingReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  refuse(name: SettingName, reason: string): void {
    this.problems.push(`${name}: ${reason}`);
  }

  text(name: SettingName): string | undefined {
    const setting: Setting | undefined = settings.find((known) => known.name === name);
    return this.environment[name] || setting?.fallback;
  }

  integer(name: SettingName, least: number, most: number): number {
    const text = this.text(name) ?? '';
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) this.refuse(name, `not a whole number from ${least} to ${most}`);
    return value;
  }

  oneOf<Value extends string>(name: SettingName, values: readonly Value[]): Value {
    const text = this.text(name);
    const value = values.find((known) => known === text);
    if (value === undefined) this.refuse(name, `none of ${values.join(', ')}`);
    return value ?? values[0];
  }

  /** Comma-separated texts. */
  list(name: SettingName): string[] {
    const parts = (this.text(name) ?? '').split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '');
  }

  file(name: SettingName): Buffer | undefined {
    const path = this.text(name);
    try {
      return path === undefined ? undefined : readFileSync(path);
    } catch (error) {
      this.refuse(
        name,
        `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      );
      return undefined;
    }
  }

  /** A JSON array of `{"name": …, "value": …}`. */
  rows(name: SettingName): { name: string; value: string }[] {
    try {
      const rows: unknown = JSON.parse(this.text(name) ?? '');
      if (Array.isArray(rows) && rows.every(isRow)) return rows;
    } catch {
      // Refused below, in words of our own: the parser's would quote the setting.
    }
    this.refuse(name, 'not a JSON array of {"name": "…", "value": "…"}');
    return [];
  }
}

function isRow(row: unknown): row is { name: string; value: string } {
  const { name, value, ...rest } = (row ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof value === 'string' && Object.keys(rest).length === 0;
}
