import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { decodeUtf8, hasReplacedBytes, NotUtf8 } from '../config/utf8.js';
import { type Line, readLines } from '../provisioning/lines.js';
import { CommandError, exitStatus } from './command-error.js';

/** Whether standard input is a terminal, where a person can answer, rather than a script's pipe. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true;
}

/** Gets values missing from the command line: asks at the terminal, else reads a line of input for each. */
export class Questions {
  private piped?: AsyncGenerator<Line>;

  /** @param what name of the value, for the prompt: `Token` */
  ask(what: string): Promise<string> {
    return isInteractive() ? prompt(what, { hidden: false }) : this.nextLine(what);
  }

  /** As `ask`, without showing what is typed. */
  askHidden(what: string): Promise<string> {
    return isInteractive() ? prompt(what, { hidden: true }) : this.nextLine(what);
  }

  /** Stops reading standard input, which would keep the process alive. */
  close(): void {
    if (this.piped) process.stdin.destroy();
  }

  private async nextLine(what: string): Promise<string> {
    this.piped ??= readLines(process.stdin);
    const next: IteratorResult<Line, unknown> = await this.piped.next();
    return decoded(taken(next.done ? undefined : next.value, what), what);
  }
}

/** The text of a line of standard input. @throws CommandError when it is not UTF-8 */
function decoded({ number, bytes }: Line, what: string): string {
  try {
    return decodeUtf8(bytes).replace(/\r$/, '');
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    throw new CommandError('usage', `${what}: line ${number} of standard input ${error.message}`);
  }
}

async function prompt(what: string, { hidden }: { hidden: boolean }): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = hidden ? nowhere : process.stderr;
  const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  reader.setPrompt(`${what}: `);
  reader.prompt();
  if (hidden) process.stderr.write(`${what}: `);
  try {
    const line = await reader[Symbol.asyncIterator]().next();
    // The terminal shows no line break when the input is hidden, or when it ended without one.
    if (hidden || line.done) process.stderr.write('\n');
    const text = taken(line.done ? undefined : line.value, what);
    if (hasReplacedBytes(text)) throw new CommandError('usage', `${what}: what was typed is not UTF-8`);
    return text;
  } finally {
    reader.close();
  }
}

/**
 * The line that was read.
 * @throws CommandError when there is none: at the end of input, after Ctrl-C or Ctrl-D
 */
function taken<Entered>(line: Entered | undefined, what: string): Entered {
  if (line === undefined) throw new CommandError('usage', `${what}: nothing was entered`);
  return line;
}

/** Whether standard output is a terminal that shows colours; `NO_COLOR` and `TERM=dumb` say that it does not. */
export function showsColours(): boolean {
  return process.stdout.isTTY === true && process.stdout.hasColors();
}

/** Ends the command: quietly when a reader that has seen enough, such as `head`, has closed the pipe. */
function endWithOutput({ code, name }: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') process.exit(0);
  process.stderr.write(`symbolon: the output cannot be written (${code ?? name})\n`);
  process.exit(exitStatus.refused);
}

/** From now on the command ends when its output cannot be written. */
export function watchOutput(): void {
  process.stdout.on('error', endWithOutput);
  process.stderr.on('error', () => {}); // There is nowhere left to say so.
}

/** From now on the command goes on, whether its output can be written or not, as a server must. */
export function leaveOutput(): void {
  process.stdout.off('error', endWithOutput);
}

/** Resolves when everything that was printed has been written: an exit would cut off what a slow reader has not read. */
export async function outputWritten(): Promise<void> {
  const { stdout } = process;
  if (stdout.writableLength > 0) await new Promise<void>((resolve) => stdout.write('', () => resolve()));
  await new Promise(setImmediate); // By then an error has been told.
}

/** Writes text to standard output, and waits while its reader is slower. */
export async function printPart(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const unprintable = /[\p{Control}\p{Bidi_Control}\u2028\u2029]/gu;

/** The text without characters that control a terminal, or change the order in which it shows the text. */
export function printable(text: string): string {
  return text.replace(unprintable, '');
}

/** The value as JSON on one line, with escapes for the characters that `printable` removes. */
export function printableJson(value: unknown): string {
  return escaped(JSON.stringify(value));
}

/** JSON that is written already, with these escapes. */
export function escaped(json: string): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return json.replace(unprintable, escape);
}
