import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandError } from './command-error.js';

/** Whether a person can be asked, rather than a script that pipes its answers in. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true;
}

/** Asks for what the command line left out: a person at the terminal, else one line of standard input a question. */
export class Questions {
  private piped?: { readonly reader: Interface; readonly lines: AsyncIterator<string> };

  /** @param what is asked for, as a prompt says it: `Token` */
  ask(what: string): Promise<string> {
    return isInteractive() ? prompt(what, { hidden: false }) : this.nextLine(what);
  }

  /** As `ask`, without showing what is typed. */
  askHidden(what: string): Promise<string> {
    return isInteractive() ? prompt(what, { hidden: true }) : this.nextLine(what);
  }

  /** Lets go of standard input, which would keep the process alive. */
  close(): void {
    this.piped?.reader.close();
  }

  private async nextLine(what: string): Promise<string> {
    if (!this.piped) {
      const reader = createInterface({ input: process.stdin });
      this.piped = { reader, lines: reader[Symbol.asyncIterator]() };
    }
    return taken(await this.piped.lines.next(), what);
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
    // Typing showed the end of the line only where it was shown at all, and was not broken off.
    if (hidden || line.done) process.stderr.write('\n');
    return taken(line, what);
  } finally {
    reader.close();
  }
}

/** The line that was read; there is none at the end of the input, and after Ctrl-C or Ctrl-D. */
function taken(line: IteratorResult<string, unknown>, what: string): string {
  if (line.done) throw new CommandError('usage', `${what}: nothing was entered`);
  return line.value;
}

/** Writes one line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const unprintable = /[\p{Control}\p{Bidi_Control}\u2028\u2029]/gu;

/** The text without what would steer a terminal, or change the order in which it shows what follows. */
export function printable(text: string): string {
  return text.replace(unprintable, '');
}

/** The value as JSON on one line, with escapes for what would steer a terminal. */
export function printableJson(value: unknown): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(unprintable, escape);
}
