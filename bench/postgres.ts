import { execFileSync, type StdioOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePorts } from './ports.js';
import type { Processes, Running } from './processes.js';
import { postgresProgram } from './programs.js';

/** Longest wait for the server's first answer, in milliseconds. */
const deadlineMs = 20_000;

/** A database, and a connection to it. */
export class Database {
  private constructor(
    /** The value for `DATABASE_URL`. */
    readonly url: string,
    private client: pg.Client,
  ) {}

  static async open(url: string): Promise<Database> {
    return new Database(url, await connected(url));
  }

  /** Runs a statement, and returns its rows. */
  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** Creates another database on the server: an empty one, or a copy of one without connections. */
  async create(name: string, template = 'template1'): Promise<Database> {
    await this.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return Database.open(url.href);
  }

  /** Creates a copy of a database that only its own connection uses; it gets another. */
  async copy(original: Database, name: string): Promise<Database> {
    await original.client.end();
    const copy = await this.create(name, new URL(original.url).pathname.slice(1));
    original.client = await connected(original.url);
    return copy;
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // The server is stopped before its clients: the lost connection must not end the run.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Starts a PostgreSQL server with default settings, its data in a folder of its own.
 * @param folder is created, for the server alone; every user must be able to reach it, and its path must be
 *   short enough for a socket
 * @returns the database `postgres`
 */
export async function startPostgres(processes: Processes, folder: string): Promise<Database> {
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => postgresProgram(name) ?? name);
  mkdirSync(folder, { mode: 0o700 });
  const [data, password, log] = ['data', 'password', 'postgres.log'].map((name) => join(folder, name));
  const secret = randomBytes(18).toString('hex');
  writeFileSync(password, secret);
  const output = openSync(log, 'w');
  const stdio: StdioOptions = ['ignore', output, output];
  const common = { stdio, user: userFor(folder) };
  const cluster = ['--username=symbolon', `--pwfile=${password}`, '--auth=scram-sha-256'];
  const making = processes.start({
    name: 'initdb',
    line: [initdb, `--pgdata=${data}`, ...cluster, '--encoding=UTF8', '--no-locale', '--no-sync'],
    ...common,
  });
  const made = await making.ended;
  if (made !== 'ended with status 0') throw new Error(`initdb ${made}: ${readFileSync(log, 'utf8')}`);
  const port = await freePorts();
  const server = processes.start({
    name: 'PostgreSQL',
    line: [postgres, '-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
    // On SIGQUIT it ends its own child processes, too.
    endedBy: 'SIGQUIT',
    ...common,
  });
  return firstAnswer(server, `postgres://symbolon:${secret}@127.0.0.1:${port}/postgres`, log);
}

/** PostgreSQL refuses to run as root: then it runs as Debian's user `postgres`, who gets the folder. */
function userFor(folder: string): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  execFileSync('chown', ['--recursive', 'postgres:', folder]);
  return 'postgres';
}

async function firstAnswer({ ended }: Running, url: string, log: string): Promise<Database> {
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await Database.open(url);
    } catch (error) {
      const over = await Promise.race([ended, delay(50)]);
      if (over !== undefined) throw new Error(`PostgreSQL ${over}: ${readFileSync(log, 'utf8')}`);
      if (performance.now() > giveUpAt) throw error;
    }
  }
}
