import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';

/** The folder of PostgreSQL's server programs; undefined where they are not installed. */
const programs = findPrograms();

/** Whether a test can start PostgreSQL servers of its own. */
export const canStartServers = programs !== undefined;
if (!canStartServers) console.warn('SKIPPED: tests that start a PostgreSQL server, which is not installed');

/** PostgreSQL refuses to run as root: then it runs as the user nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** The superuser's password. A URL must escape it. */
const password = 'p#w/%@?:é';

/** What a server is started with. */
export interface ServerOptions {
  /** Arguments of `initdb`, such as an encoding. */
  readonly initdb?: readonly string[];
  /** Lines of `postgresql.conf`. */
  readonly configuration?: readonly string[];
  /** Lines of `pg_hba.conf` instead of those that ask for a password. */
  readonly access?: readonly string[];
  /** Files of the data folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A PostgreSQL server of one test file, with its own data folder and a unix socket in `folder`. */
export class PostgresServer {
  readonly user = 'postgres';
  readonly password = password;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private process: ChildProcess,
  ) {}

  static async start({ initdb = [], configuration = [], access, files = {} }: ServerOptions = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'pg-'));
    const data = join(folder, 'data');
    await writeFile(join(folder, 'password'), password);
    await own(folder, 0o700);
    await own(join(folder, 'password'));
    const login = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`];
    const encoding = ['--encoding=UTF8', '--locale=C'];
    await promisify(execFile)(
      join(programs!, 'initdb'),
      ['--no-sync', '-D', data, ...login, ...encoding, ...initdb],
      nobody,
    );
    const port = await freePort();
    const lines = [`port=${port}`, `unix_socket_directories='${folder}'`, 'fsync=off', ...configuration, ''];
    await appendFile(join(data, 'postgresql.conf'), lines.join('\n'));
    if (access) await writeFile(join(data, 'pg_hba.conf'), `${access.join('\n')}\n`);
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(data, name), text);
      await own(join(data, name));
    }
    const server = new PostgresServer(folder, port, run(data));
    await server.whenReady();
    return server;
  }

  /** The URL of a database by TCP. @param more members of the URL, such as a user without the superuser's rights */
  url(database = 'postgres', more: { readonly user?: string; readonly password?: string } = {}): string {
    const { user = this.user, password: secret = this.password } = more;
    return `postgres://${user}:${encodeURIComponent(secret)}@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs statements as the superuser, one after the other; the rows of the last one. */
  async sql(database: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
    const { folder: host, port, user } = this;
    const client = new pg.Client({ host, port, user, password, database });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) rows = (await client.query(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }

  /** Stops it, with its connections, and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.end();
    this.process = run(join(this.folder, 'data'));
    await this.whenReady();
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGINT');
    await ended;
  }

  /** Resolves when it takes connections. */
  private async whenReady(): Promise<void> {
    const { process: server } = this;
    let output = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    while (!/ready to accept (read-only )?connections/.test(output)) {
      if (server.exitCode !== null) throw new Error(output);
      await Promise.race([once(server.stderr!, 'data'), once(server, 'exit')]);
    }
  }
}

function run(data: string): ChildProcess {
  return spawn(join(programs!, 'postgres'), ['-D', data], { ...nobody, stdio: ['ignore', 'ignore', 'pipe'] });
}

async function own(path: string, mode = 0o600): Promise<void> {
  await chmod(path, mode);
  if (nobody.uid !== undefined) await chown(path, nobody.uid, nobody.gid);
}

function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const folders = [process.env.PG_PROGRAMS ?? '', ...versions.map((version) => join(root, version, 'bin'))];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}
