import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedFolder, type TestDatabase, withKeyspace } from './database.js';

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
 * Arguments of `node` for a short-lived process that may run an embedded database. Without them V8 spends as
 * much time on optimising PostgreSQL's WebAssembly, beyond compiling it, as on all the rest of a start.
 */
export const shortLived = ['--liftoff-only'];

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A program, and the folder to run it in. */
export interface Launch {
  /** The program and its arguments. */
  readonly program: readonly string[];
  readonly folder: string;
}

const builtServer: Launch = {
  program: [process.execPath, ...shortLived, 'dist/src/main.js'],
  folder: repository,
};

/** The built server, as `npm start` runs it, in a process of its own. */
export class ServerProcess {
  private static readonly running = new Set<ServerProcess>();
  /** Where the servers on a database keep their tokens, by `DATABASE_URL` or `DATA_DIR`. */
  private static readonly tokens = new Map<string, TestDatabase>();

  /** How it ended. Its output is closed by then. */
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

  /** Runs it with these settings and free ports. Of this process's environment it gets `PATH` alone. */
  static run(settings: Settings, { program, folder }: Launch = builtServer): ServerProcess {
    const env = { PATH: process.env.PATH, PORT: '0', ADMIN_PORT: '0', ...ServerProcess.complete(settings) };
    const [command, ...args] = program;
    return new ServerProcess(spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Runs it, and resolves when it takes requests. */
  static async start(settings: Settings, launch?: Launch): Promise<ServerProcess> {
    const server = ServerProcess.run(settings, launch);
    await server.logged('listening');
    return server;
  }

  /** Kills every server that still runs, and drops their keyspaces. */
  static async endAll(): Promise<void> {
    await Promise.all([...ServerProcess.running].map((server) => server.kill('SIGKILL')));
    await Promise.all([...ServerProcess.tokens.values()].map((tokens) => tokens.drop()));
    ServerProcess.tokens.clear();
  }

  /** The settings, and where servers on this database keep their tokens. */
  private static complete(settings: Settings): Settings {
    if ('TOKEN_STORE' in settings) return settings;
    const database = settings.DATABASE_URL ?? settings.DATA_DIR ?? '';
    const tokens = ServerProcess.tokens.get(database) ?? withKeyspace({ settings: {}, drop: async () => {} });
    ServerProcess.tokens.set(database, tokens);
    return { ...tokens.settings, ...settings };
  }

  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal, and resolves when the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ended;
  }

  get port(): number {
    return this.records.find(({ msg }) => msg === 'listening')?.port as number;
  }

  /** Its base URL on IPv4's loopback, without a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Port of the operator's listener. */
  get adminPort(): number {
    return this.records.find(({ msg }) => msg === 'listening')?.adminPort as number;
  }

  /** Base URL of the operator's listener, without a trailing slash. */
  get adminUrl(): string {
    return `http://127.0.0.1:${this.adminPort}`;
  }

  /** The log so far. */
  get records(): readonly LogRecord[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogRecord);
  }

  /** The log lines with this message so far. */
  recordsOf(message: string): readonly LogRecord[] {
    return this.records.filter(({ msg }) => msg === message);
  }

  /** Resolves with the log line of this message that has this number, counted from 1. */
  logged(message: string, number = 1): Promise<LogRecord> {
    return this.find(`log line ${number} "${message}"`, () => this.recordsOf(message).at(number - 1));
  }

  /** Resolves when the port refuses connections. */
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

  /**
   * Resolves with what `look` finds in the output, as soon as it finds something.
   * @throws when the process ends first
   */
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
  return embeddedFolder(join('demo', 'db', 'pgdata'));
}
