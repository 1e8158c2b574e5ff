import { Readable, Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/program.js';
import { type Ended, program, type Surroundings, whichDatabase } from './symbolon.js';

/** The command that runs in this process; the next one waits for it, since they share `process`. */
let running: Promise<unknown> = Promise.resolve();

interface Here extends Surroundings {
  /** The folder to run in; that of the tests when left out. */
  readonly cwd?: string;
  /** Whether standard error is returned with `whichDatabase`. */
  readonly whole?: boolean;
}

/**
 * Runs a command line in this process, as the program does: to start one and to load the program takes ten times as
 * long as the command. The tests that call `symbolon` instead are of the program as it is built, and of how it ends.
 */
export function commandLine(args: readonly string[], surroundings: Here = {}): Promise<Ended> {
  const ended = running.then(() => runAlone(args, surroundings));
  running = ended.catch(() => {});
  return ended;
}

async function runAlone(args: readonly string[], here: Here): Promise<Ended> {
  const { input = '', env = {}, cwd, whole = false } = here;
  const [stdout, stderr] = [new Output(), new Output()];
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)], { objectMode: false });
  const restore = replaceInProcess({ stdin, stdout, stderr, env: { ...env } });
  const folder = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    const status = await runCommandLine([process.execPath, program, ...args]);
    const said = whole ? stderr.text : stderr.text.replace(whichDatabase, '');
    return { status, stdout: stdout.text, stderr: said };
  } finally {
    process.chdir(folder);
    restore();
  }
}

/** A pipe's end that keeps what was written. */
class Output extends Writable {
  private readonly chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}

/** Gives `process` other members. @returns what gives it back its own */
function replaceInProcess(members: Readonly<Record<string, unknown>>): () => void {
  const own = Object.keys(members).map((name) => Object.getOwnPropertyDescriptor(process, name) ?? {});
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
  }
  return () => {
    Object.keys(members).forEach((name, index) => Object.defineProperty(process, name, own[index]));
  };
}
