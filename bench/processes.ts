import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { isInstalled } from './programs.js';

/** A process to be started. */
export interface Command {
  /** Its name in messages. */
  readonly name: string;
  /** The program and its arguments. */
  readonly line: readonly string[];
  /** Its environment variables; of ours it gets only `PATH`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio: StdioOptions;
  /** The core that it runs on, or a list of cores as `taskset` takes it; ours when left out. */
  readonly core?: number | string;
  /** The user that it runs as; ours when left out. */
  readonly user?: string;
  /** The folder that it works in; ours when left out. */
  readonly folder?: string;
  /**
   * What ends it: a signal, SIGKILL when left out, or the end of its input. The latter comes when we are killed, too, and
   * such a process outlives us to tidy up. `group` is SIGKILL for all that it has started, too.
   */
  readonly endedBy?: NodeJS.Signals | 'input' | 'group';
}

/** A process that was started. */
export interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves when it has ended, with a text that says how. Never rejects. */
  readonly ended: Promise<string>;
  readonly end: () => Promise<void>;
}

/** Every process of a run, so that all can be ended. */
export class Processes {
  private readonly running = new Set<Running>();
  private readonly withUs = isInstalled('setpriv') ? ['setpriv', '--pdeathsig', 'KILL'] : undefined;
  private over = false;

  start(command: Command): Running {
    if (this.over) throw new Error('the run is over');
    const [program, ...args] = this.lineOf(command);
    const env = { PATH: process.env.PATH, ...command.env };
    const detached = command.endedBy === 'group';
    const child = spawn(program, args, { env, stdio: command.stdio, cwd: command.folder, detached });
    const ended = new Promise<string>((resolve) => {
      child.once('error', ({ message }) => resolve(message));
      child.once('exit', (status, signal) => resolve(`ended with ${signal ?? `status ${status}`}`));
    });
    const end = async () => {
      if (command.endedBy === 'input') child.stdin?.end();
      else if (command.endedBy === 'group') process.kill(-child.pid!, 'SIGKILL');
      else child.kill(command.endedBy ?? 'SIGKILL');
      await ended;
    };
    const running = { name: command.name, child, ended, end };
    this.running.add(running);
    void ended.then(() => this.running.delete(running));
    return running;
  }

  /** Ends every process that still runs, and starts no more. */
  async endAll(): Promise<void> {
    this.over = true;
    await Promise.all([...this.running].map(({ end }) => end()));
  }

  /** `setpriv` ends the process if we are killed before we can end it ourselves. */
  private lineOf({ line, core, user, endedBy }: Command): string[] {
    if (endedBy === 'input') return [...line];
    const onCore = core === undefined ? [] : ['taskset', '--cpu-list', String(core)];
    if (user === undefined) return [...onCore, ...(this.withUs ?? []), ...line];
    if (!this.withUs) throw new Error(`setpriv is missing, and nothing else runs a program as ${user}`);
    return [...onCore, ...this.withUs, '--reuid', user, '--regid', user, '--clear-groups', ...line];
  }
}
