import { type CassandraConfig, readCassandra } from './cassandra-config.js';
import { type DatabaseConfig, readDatabase, readWorkers } from './database-config.js';
import { isLoopback, readIssuer } from './issuer.js';
import { type LoginConfig, readLogin } from './login-config.js';
import { type OperationsConfig, readOperations } from './operations-config.js';
import { type Environment, SettingReader, SettingsError } from './setting-reader.js';
import type { SettingName } from './settings.js';
import { readTls, type TlsConfig } from './tls-config.js';
import { readTokenInfo, type TokenInfoConfig } from './token-info-config.js';

const tokenStores = ['database', 'memory', 'cassandra'] as const;

/** Where tokens are kept: with the directory, in memory, or in Apache Cassandra. */
export type TokenStoreKind = (typeof tokenStores)[number];

/** Injection token of the settings. */
export const CONFIG = Symbol('Config');

/** All settings, read once and typed. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Our identifier, a URL (RFC 8414 §2). */
  readonly issuer: string;
  /** A path such as `/am`; empty for none. */
  readonly basePrefix: string;
  /** Whether the metadata are also served where clients of OpenID Connect look. */
  readonly openIdConfiguration: boolean;
  /** PEM texts; undefined for plain HTTP. */
  readonly tls?: TlsConfig;
  /** Seconds that a connection without a request under way is kept. */
  readonly keepAliveTimeout: number;
  readonly database: DatabaseConfig;
  readonly tokenStore: TokenStoreKind;
  /** The cluster of `TOKEN_STORE=cassandra`, or of a command that needs one whatever the token store is. */
  readonly cassandra?: CassandraConfig;
  readonly cache: {
    /** Most access tokens that are kept in memory; 0 for no cache of anything. */
    readonly entries: number;
    /** Most realms, most clients and most resource owners that are kept in memory. */
    readonly subjects: number;
    /** Seconds after which a cached entry is read again in any case. */
    readonly maxAge: number;
  };
  /** How many processes serve on the port; 1 for this one alone. */
  readonly workers: number;
  /** Path of the `symbolon.yaml` to apply at start; undefined for none. */
  readonly configFile?: string;
  /** Whether the demo is applied: with the embedded database, and without a file. */
  readonly demo: boolean;
  /** How long after its first use a refresh token's reuse counts as a retry, in seconds. */
  readonly refreshLeeway: number;
  /** Lifetime of an authorization code, in seconds. */
  readonly codeLifetime: number;
  /** Lifetime of a session of the sign-in pages, in seconds. */
  readonly sessionLifetime: number;
  /** Seconds between two rounds of the purge; 0 for no purge. */
  readonly purgeInterval: number;
  /** How many rows the purge removes in one batch at most. */
  readonly purgeBatch: number;
  readonly tokenInfo: TokenInfoConfig;
  /** Whether clients of AM's endpoints may send in the URL what belongs in the form. */
  readonly amQueryParameters: boolean;
  readonly login: LoginConfig;
  readonly operations: OperationsConfig;
  readonly accessLog: 'all' | 'refused' | 'off';
  readonly logLevel: string;
  /** The environment, only for `${NAME}` in the configuration file. */
  readonly environment: Environment;
  /** What is probably not meant, for the log: settings' names with reasons. */
  readonly warnings: readonly string[];
}

/**
 * Builds an object from a setting.
 * @param build may throw an error whose message is written for the operator
 * @throws SettingsError with the setting's name before that message
 */
export function builtFrom<Built>(name: SettingName, build: () => Built): Built {
  try {
    return build();
  } catch (error) {
    throw new SettingsError([`${name}: ${(error as Error).message}`]);
  }
}

/**
 * Reads every setting.
 * @throws SettingsError that names every bad one
 */
export function readConfig(environment: Environment = process.env): Config {
  const reader = new SettingReader(environment);
  return checked(reader, readAll(reader, environment));
}

/**
 * Reads every setting, those of the Cassandra cluster for every `TOKEN_STORE`.
 * @param neededBy the command that needs them
 * @throws SettingsError that names every bad one
 */
export function readConfigWithCassandra(
  neededBy: string,
  environment: Environment = process.env,
): Config & Required<Pick<Config, 'cassandra'>> {
  const reader = new SettingReader(environment);
  const config = readAll(reader, environment);
  return checked(reader, { ...config, cassandra: config.cassandra ?? readCassandra(reader, neededBy) });
}

function checked<Read>({ problems }: SettingReader, config: Read): Read {
  if (problems.length > 0) throw new SettingsError(problems);
  return config;
}

function readAll(reader: SettingReader, environment: Environment): Config {
  const port = reader.integer('PORT', 0, 65535);
  const host = reader.text('HOST') ?? '';
  const tls = readTls(reader);
  const configFile = reader.text('CONFIG_FILE');
  const demo = readDemo(reader, host);
  const database = readDatabase(reader, demo);
  const workers = readWorkers(reader, database);
  const tokenStore = reader.oneOf('TOKEN_STORE', tokenStores);
  if (tokenStore === 'memory' && database.kind === 'server') {
    // Another node would not find the tokens that this node keeps in memory.
    reader.refuse('TOKEN_STORE', 'memory goes with the embedded database, not with DATABASE_URL');
  }
  return {
    port,
    host,
    issuer: readIssuer(reader, { scheme: tls ? 'https' : 'http', host, port }),
    basePrefix: readBasePrefix(reader),
    openIdConfiguration: reader.oneOf('OPENID_CONFIGURATION', ['off', 'on']) === 'on',
    tls,
    keepAliveTimeout: reader.integer('KEEP_ALIVE_TIMEOUT', 1, 3600),
    database,
    tokenStore,
    cassandra: tokenStore === 'cassandra' ? readCassandra(reader) : undefined,
    cache: {
      entries: reader.integer('CACHE_ENTRIES', 0, 10_000_000),
      subjects: reader.integer('CACHE_SUBJECTS', 1, 10_000_000),
      maxAge: reader.integer('CACHE_MAX_AGE', 1, 3600),
    },
    workers,
    configFile,
    demo,
    refreshLeeway: reader.integer('REFRESH_LEEWAY', 0, 3600),
    codeLifetime: reader.integer('CODE_LIFETIME', 10, 600),
    // The keys that tag tokens are kept for a day beyond the longest lifetime of a client's tokens.
    sessionLifetime: reader.integer('SESSION_LIFETIME', 60, 86_400),
    purgeInterval: reader.integer('PURGE_INTERVAL', 0, 86_400),
    purgeBatch: reader.integer('PURGE_BATCH', 1, 10_000),
    tokenInfo: readTokenInfo(reader),
    amQueryParameters: reader.oneOf('AM_QUERY_PARAMETERS', ['off', 'on']) === 'on',
    login: readLogin(reader, workers),
    operations: readOperations(reader, { host, port }),
    accessLog: reader.oneOf('ACCESS_LOG', ['all', 'refused', 'off']),
    logLevel: reader.oneOf('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    environment,
    warnings: reader.warnings,
  };
}

/** Reads whether the demo is served. Its passwords are public, so elsewhere than on loopback it must be asked for. */
function readDemo(reader: SettingReader, host: string): boolean {
  const empty = reader.text('DATABASE_URL') === undefined && reader.text('CONFIG_FILE') === undefined;
  if (reader.text('DEMO') === undefined) {
    const demo = empty && reader.text('NODE_ENV') !== 'production';
    if (demo && !isLoopback(host)) {
      reader.refuse(
        'HOST',
        'the demo is served on a loopback address alone; name a CONFIG_FILE to serve elsewhere, or set DEMO=on',
      );
    }
    return demo;
  }
  const demo = reader.oneOf('DEMO', ['off', 'on']) === 'on';
  if (demo && !empty) reader.refuse('DEMO', 'on goes without CONFIG_FILE and without DATABASE_URL');
  return demo;
}

function readBasePrefix(reader: SettingReader): string {
  const prefix = reader.text('BASE_PREFIX') ?? '';
  if (prefix === '/') return '';
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(prefix) || /^\/(oauth2|api)(\/|$)/.test(prefix)) {
    reader.refuse('BASE_PREFIX', 'not a path such as /am (a lone / for none)');
  }
  return prefix;
}
