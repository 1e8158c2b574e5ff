import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import type { PostgresServer } from './postgres-server.js';

/** Debian's place for it. */
const program = '/usr/sbin/pgbouncer';

/** Whether a test can start PgBouncer. */
export const canStartPoolers = existsSync(program);
if (!canStartPoolers) console.warn('SKIPPED: tests that start PgBouncer, which is not installed');

/** PgBouncer refuses to run as root: then it runs as the user nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** How PgBouncer gives its connections to its clients. */
export type PoolMode = 'session' | 'transaction' | 'statement';

/** A PgBouncer of one test file, before one PostgreSQL server. */
export class PgBouncer {
  private constructor(
    private readonly folder: string,
    readonly port: number,
    private process: ChildProcess,
    private readonly configure: (mode: PoolMode) => Promise<void>,
  ) {}

  /** @param logins passwords of the users that may connect, by their names */
  static async start(
    server: PostgresServer,
    mode: PoolMode,
    logins: Readonly<Record<string, string>>,
  ): Promise<PgBouncer> {
    const folder = await mkdtemp(join(tmpdir(), 'bouncer-'));
    const port = await freePort();
    const users = Object.entries(logins).map(([user, password]) => `"${user}" "${password}"\n`);
    await writeFile(join(folder, 'users'), users.join(''));
    const configure = (poolMode: PoolMode) =>
      writeFile(join(folder, 'pgbouncer.ini'), configuration(folder, port, server.port, poolMode));
    await configure(mode);
    if (nobody.uid !== undefined) {
      for (const path of [folder, join(folder, 'users')]) await chown(path, nobody.uid, nobody.gid);
    }
    return new PgBouncer(folder, port, await run(folder), configure);
  }

  /** The URL of a database through it. */
  url(database: string, user: string, password: string): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Ends it with its connections, and starts it in that mode. */
  async restart(mode: PoolMode): Promise<void> {
    await this.end();
    await this.configure(mode);
    this.process = await run(this.folder);
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
  }
}

function configuration(folder: string, port: number, serverPort: number, mode: PoolMode): string {
  return `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users')}
pool_mode = ${mode}
default_pool_size = 4
max_client_conn = 100
`;
}

/** Resolves when it takes connections. */
async function run(folder: string): Promise<ChildProcess> {
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    ...nobody,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('process up')) {
    if (child.exitCode !== null) throw new Error(output);
    await Promise.race([once(child.stderr, 'data'), once(child, 'exit')]);
  }
  return child;
}
