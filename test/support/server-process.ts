import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedFolder } from './database.js';

/** Settings by their environment names. */
export type Settings = Readonly<Record<string, string>>;

/** How a process ended: an exit status, or the signal that ended it. */
export interface Ending {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One line of the log. */
export type LogRecord = Readonly<Record<string, unknown>>;

/**
 * Arguments of `node` for a process that may run an embedded database and does not live long: what V8 spends on
 * optimising PostgreSQL's WebAssembly, beyond compiling it, is as much again as all the rest of a start.
 */
export const shortLived = ['--liftoff-only'];

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The built server, as `npm start` runs it, in a process of its own. */
export class ServerProcess {
  private static readonly running = new Set<ServerProcess>();

  /** How it ended. It has closed its output by then. */
  readonly ended: Promise<Ending>;
  stdout = '';
  stderr = '';
  private over = false;
  private readonly changes = new EventEmitter();

  private constructor(private readonly child: ChildProcess) {
    ServerProcess.running.add(this);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.changes.emit('change');
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.changes.emit('change');
    });
    this.ended = once(child, 'close').then(([status, signal]: (number | NodeJS.Signals | null)[]) => {
      this.over = true;
      ServerProcess.running.delete(this);
      this.changes.emit('change');
      return { status, signal } as Ending;
    });
  }

  /** Runs it with these settings, a free port, and nothing else of this process's environment. */
  static run(settings: Settings): ServerProcess {
    const env = { PATH: process.env.PATH, PORT: '0', ...settings };
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const args = [...shortLived, 'dist/src/main.js'];
    return new ServerProcess(spawn(process.execPath, args, { cwd: repository, env, stdio: [...stdio] }));
  }

  /** Runs it, and resolves when it takes requests. */
  static async start(settings: Settings): Promise<ServerProcess> {
    const server = ServerProcess.run(settings);
    await server.logged('listening');
    return server;
  }

  /** Ends whatever still runs. */
  static async endAll(): Promise<void> {
    await Promise.all([...ServerProcess.running].map((server) => server.kill('SIGKILL')));
  }

  /** Sends a signal, and resolves when the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ended;
  }

  get port(): number {
    return this.records.find(({ msg }) => msg === 'listening')?.port as number;
  }

  /** Where it listens on IPv4's loopback, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The log so far. */
  get records(): readonly LogRecord[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogRecord);
  }

  /** The log lines of this message so far. */
  recordsOf(message: string): readonly LogRecord[] {
    return this.records.filter(({ msg }) => msg === message);
  }

  /** Resolves with the first log line of this message, or the one of that number. */
  logged(message: string, number = 1): Promise<LogRecord> {
    return this.find(`log line ${number} "${message}"`, () => this.recordsOf(message).at(number - 1));
  }

  /** Resolves when the port takes no connection any more. */
  async refusing(): Promise<void> {
    for (;;) {
      const socket = connect(this.port, '127.0.0.1');
      const refused = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
      });
      socket.destroy();
      if (refused) return;
    }
  }

  /** Resolves when this text has been written to standard output. */
  async printed(text: string): Promise<void> {
    await this.find(`the text ${text}`, () => this.stdout.includes(text) || undefined);
  }

  /** Resolves with what is found in the output as soon as it is there. */
  private async find<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.over) throw new Error(`ended without ${what}: ${this.stdout}${this.stderr}`);
      await once(this.changes, 'change');
    }
  }
}

/** A folder with a fresh embedded database, for a start that serves no demo. */
export function dataFolder(): Promise<string> {
  return embeddedFolder();
}

/** Settings of a start on a fresh embedded database with this `symbolon.yaml`. */
export async function fileSettings(
  configuration: string,
): Promise<{ DATA_DIR: string; CONFIG_FILE: string }> {
  const folder = await dataFolder();
  const file = join(folder, 'symbolon.yaml');
  await writeFile(file, configuration);
  return { DATA_DIR: folder, CONFIG_FILE: file };
}

/** A folder with a fresh embedded database, for a start that serves the demo. */
export function demoDataFolder(): Promise<string> {
  return embeddedFolder(join('demo', 'pgdata'));
}
