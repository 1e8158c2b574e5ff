import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { SettingReader } from './setting-reader.js';

const poolers = ['none', 'transaction'] as const;

/** Where realms, clients, users and, unless `TOKEN_STORE` says otherwise, tokens are kept. */
export type DatabaseConfig =
  | PostgresConfig
  /** The embedded PostgreSQL, its data in this folder. */
  | { readonly kind: 'embedded'; readonly dataDir: string };

/** A PostgreSQL server. */
export interface PostgresConfig {
  readonly kind: 'server';
  readonly url: string;
  readonly poolSize: number;
  /** Whether a pooler stands at that URL that gives each transaction another connection. */
  readonly pooler: (typeof poolers)[number];
  /** The same database without such a pooler; undefined where no other URL is set. */
  readonly changeFeedUrl?: string;
}

/**
 * Reads where the database is; the reader collects the problems.
 * @param demo whether the demo is served
 */
export function readDatabase(reader: SettingReader, demo: boolean): DatabaseConfig {
  const url = reader.text('DATABASE_URL');
  const poolSize = reader.integer('DATABASE_POOL', 1, 1000);
  const pooler = reader.oneOf('DATABASE_POOLER', poolers);
  if (url === undefined) {
    if (pooler !== 'none') reader.refuse('DATABASE_POOLER', 'a pooler goes with DATABASE_URL');
    if (reader.text('CHANGE_FEED_URL') !== undefined)
      reader.refuse('CHANGE_FEED_URL', 'goes with DATABASE_URL');
    const dataDir = reader.text('DATA_DIR') ?? '';
    // The demo's passwords are public, so it has its own folder and never becomes part of real data.
    return { kind: 'embedded', dataDir: demo ? join(dataDir, 'demo') : dataDir };
  }
  const changeFeedUrl = reader.text('CHANGE_FEED_URL') && readUrl(reader, 'CHANGE_FEED_URL');
  if (pooler === 'transaction' && changeFeedUrl === undefined) {
    reader.warn(
      'CHANGE_FEED_URL',
      'without it, nothing is cached behind DATABASE_POOLER=transaction: each request reads the database',
    );
  }
  return { kind: 'server', url: readUrl(reader, 'DATABASE_URL'), poolSize, pooler, changeFeedUrl };
}

/** Whether this node can receive changes, as it must to cache anything. */
export function receivesChanges(database: DatabaseConfig): boolean {
  return database.kind === 'embedded' || database.pooler === 'none' || database.changeFeedUrl !== undefined;
}

function readUrl(reader: SettingReader, name: 'DATABASE_URL' | 'CHANGE_FEED_URL'): string {
  const url = reader.text(name) ?? '';
  const problem = problemOf(url);
  if (problem !== undefined) reader.refuse(name, problem);
  return withPassword(url, reader.text('PGPASSWORD'));
}

/**
 * The driver takes a password in the query for one in the authority. One that the URL has itself counts. For the folder of
 * a socket the driver reads PGPASSWORD by itself.
 */
function withPassword(url: string, password: string | undefined): string {
  const hasOwn = /^\w+:\/\/[^/?#@]*:[^/?#]+@/.test(url) || /[?&]password=/.test(url);
  if (password === undefined || hasOwn || !/^postgres/.test(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}password=${encodeURIComponent(password)}`;
}

const shape = 'not a connection URI, postgres://user:password@host:port/database';

/** A password may look like a host, a path, a query or a fragment. Without a user, an @ in these gives it away. */
const unescaped = `${shape}; in the user and the password, percent-encode @ : / # % ?, as %23 for #`;

/** Why the driver would not read this text, or would read something else than is meant; undefined for nothing. */
function problemOf(url: string): string | undefined {
  // The folder of a unix socket, and its own scheme.
  if (/^(\/|socket:)/.test(url)) return undefined;
  if (!/^postgres(ql)?:\/\/./.test(url)) return shape;
  // The driver takes a URI without a host, too: that is one of its parameters then.
  const text = url.replace('@/', '@host/');
  if (!URL.canParse(text)) return unescaped;
  const { username, password, pathname, search, hash } = new URL(text);
  const behind = username === '' && (pathname.includes('@') || /@.*\//.test(search));
  return hash !== '' || behind || !isEncoded(username + password) ? unescaped : undefined;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Reads how many processes serve: more than one share a PostgreSQL server. */
export function readWorkers(reader: SettingReader, { kind }: DatabaseConfig): number {
  const text = reader.text('WORKERS') ?? '';
  const workers = text === 'auto' ? availableParallelism() : Number(text);
  if (text !== 'auto' && !(/^\d{1,3}$/.test(text) && workers >= 1 && workers <= 256)) {
    reader.refuse('WORKERS', 'neither auto nor a whole number from 1 to 256');
  } else if (kind === 'embedded' && (text === 'auto' || workers > 1)) {
    reader.refuse('WORKERS', 'more than one go with DATABASE_URL, not with the embedded database');
  }
  return workers;
}
