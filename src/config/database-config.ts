import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { SettingReader } from './setting-reader.js';

/** Where realms, clients, users and, unless `TOKEN_STORE` says otherwise, tokens are kept. */
export type DatabaseConfig =
  /** A PostgreSQL server. */
  | { readonly kind: 'server'; readonly url: string; readonly poolSize: number }
  /** The embedded PostgreSQL, its data in this folder. */
  | { readonly kind: 'embedded'; readonly dataDir: string };

/**
 * Reads where the database is; the reader collects the problems.
 * @param demo whether the demo is served
 */
export function readDatabase(reader: SettingReader, demo: boolean): DatabaseConfig {
  const url = reader.text('DATABASE_URL');
  const poolSize = reader.integer('DATABASE_POOL', 1, 1000);
  if (url === undefined) {
    const dataDir = reader.text('DATA_DIR') ?? '';
    // The demo's passwords are public, so it has its own folder and never becomes part of real data.
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
    decodeURIComponent(username + password); // The driver will decode them, too, and must not throw then.
    return /^postgres(ql)?:\/\/./.test(url);
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
