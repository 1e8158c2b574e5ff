import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RecordedAnswer } from './connection.js';
import type { Cores } from './cores.js';
import type { Database } from './postgres.js';
import type { Processes, Running } from './processes.js';

/** Longest wait for a server to listen, in milliseconds. */
const deadlineMs = 90_000;

/** A server that takes requests. */
export interface Server extends Running {
  readonly port: number;
}

interface StartOptions {
  readonly channel?: readonly 'ipc'[];
  /** Whether it runs on the servers' core alone. */
  readonly pinned?: boolean;
  /** As of `Command`. */
  readonly endedBy?: NodeJS.Signals;
}

/** A program of the bench, as it was built. */
function built(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** The server as it was built, as seen from bench/build. */
const server = built('../../dist/src/main.js');
const commands = built('../../dist/src/cli/main.js');
const counter = built('../../dist/src/monitoring/traffic-counter.js');

/** Starts the servers that are measured, each as a process of its own, on the servers' core. */
export class Servers {
  private started = 0;

  /**
   * @param node the binary that runs them
   * @param folder for their logs
   * @param configuration path of the `symbolon.yaml`
   */
  constructor(
    private readonly processes: Processes,
    private readonly node: string,
    private readonly folder: string,
    private readonly configuration: string,
    private readonly cores: Cores | undefined,
  ) {}

  /** Symbolon with default settings, except for its database, configuration file and port, and these. */
  symbolon({ url }: Database, settings: Readonly<Record<string, string>> = {}): Promise<Server> {
    return this.start('symbolon', [server], { ...this.settings(url), ...settings });
  }

  /** The same, as it was built in another work tree. */
  symbolonOf(root: string, { url }: Database): Promise<Server> {
    return this.start('symbolon', [join(root, 'dist/src/main.js')], this.settings(url));
  }

  /** The same, on any core. */
  unpinned({ url }: Database): Promise<Server> {
    return this.start('symbolon', [server], this.settings(url), { pinned: false });
  }

  /** Symbolon on an embedded database in this folder, on any core. */
  embedded(folder: string): Promise<Server> {
    const { DATABASE_URL: _, ...settings } = this.settings('');
    return this.start(
      'symbolon',
      [server],
      { ...settings, DATA_DIR: folder },
      { pinned: false, endedBy: 'SIGTERM' },
    );
  }

  /** Runs the program that counts requests on the servers' core, and returns its output. */
  counting(rounds: number, requests: number): Promise<string> {
    return this.output('counting', [built('counting.js'), counter, String(rounds), String(requests)]);
  }

  /** Issues a token that may look at everything of a database at the operator's listener. */
  async adminToken({ url }: Database): Promise<string> {
    const settings = { DATABASE_URL: url };
    return (await this.output('admin-token', [commands, 'admin-token', '--read'], settings)).trim();
  }

  /** Somebody who looks around at the operator's listener until the process is ended, on the load's core. */
  async operator(adminPort: number, token: string): Promise<Running> {
    const running = this.processes.start({
      name: 'operator',
      line: [this.node, built('looking.js')],
      env: { ADMIN_PORT: String(adminPort), ADMIN_TOKEN: token },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const over = await Promise.race([running.ended, once(running.child.stdout!, 'data')]);
    if (typeof over === 'string') throw new Error(`the operator ${over}`);
    return running;
  }

  /** Runs a program to its end. @throws Error where it writes nothing */
  private async output(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { child, ended } = this.processes.start({
      name,
      line: [this.node, ...args],
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      core: this.cores?.server,
    });
    const output = await text(child.stdout!);
    if (output === '') throw new Error(`${name} ${await ended}`);
    return output;
  }

  /** Symbolon with the heap probe loaded. */
  probedSymbolon({ url }: Database): Promise<Server> {
    const line = ['--expose-gc', '--import', built('heap-probe.js'), server];
    return this.start('symbolon', line, this.settings(url), { channel: ['ipc'] });
  }

  /** Bare `node:http`, which answers every request with this answer. */
  bare(answer: RecordedAnswer): Promise<Server> {
    return this.start('node:http', [built('references/bare.js'), JSON.stringify(answer)]);
  }

  /** A Nest controller that returns this answer's JSON. */
  nest(answer: RecordedAnswer): Promise<Server> {
    return this.start('Nest', [built('references/nest.js'), JSON.stringify(answer)]);
  }

  oidcProvider(): Promise<Server> {
    return this.start('oidc-provider', [built('references/oidc-provider.js')]);
  }

  private settings(databaseUrl: string): Record<string, string> {
    return { DATABASE_URL: databaseUrl, CONFIG_FILE: this.configuration, PORT: '0', ADMIN_PORT: '0' };
  }

  /** The server's output goes to a file: reading it from a pipe would take time of the load's core. */
  private async start(
    name: string,
    args: readonly string[],
    settings: Readonly<Record<string, string>> = {},
    { channel = [], pinned = true, endedBy }: StartOptions = {},
  ): Promise<Server> {
    const log = join(this.folder, `${++this.started}.log`);
    const output = openSync(log, 'w');
    const running = this.processes.start({
      name,
      line: [this.node, ...args],
      env: { NODE_ENV: 'production', ...settings },
      stdio: ['ignore', output, output, ...channel],
      core: pinned ? this.cores?.server : this.cores && `${this.cores.server},${this.cores.load}`,
      endedBy,
    });
    return { ...running, port: await portIn(log, running) };
  }
}

/** Waits until a server writes its port to its output. */
async function portIn(log: string, { name, ended }: Running): Promise<number> {
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    const output = readFileSync(log, 'utf8');
    const [, port] = /"port":(\d+)/.exec(output) ?? [];
    if (port !== undefined) return Number(port);
    const over = await Promise.race([ended, delay(20)]);
    if (over !== undefined) throw new Error(`${name} ${over}: ${readFileSync(log, 'utf8')}`);
    if (performance.now() > giveUpAt) throw new Error(`${name} does not listen: ${output}`);
  }
}
