import { type Command, InvalidArgumentError } from 'commander';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { ImportObserver } from '../provisioning/import-tokens.js';
import { CommandError } from './command-error.js';
import { Progress } from './progress.js';
import { print } from './terminal.js';

interface ImportTokensOptions {
  readonly fromLine: number;
  readonly strict?: true;
}

const help = `
Each line of the file is a JSON object:
  token or sha256         the token's value, or the SHA-256 of it in hexadecimal or base64url
  type                    access_token (default) or refresh_token
  client_id, username     username is left out where the client acts for itself
  realm                   / (default) or as /alpha
  scope                   a text or a list; it may be empty
  grant_type              default: password with a username, else client_credentials
  auth_level              default: the realm's
  expires_at, issued_at   ISO 8601 with a zone, or seconds since 1970; issued_at is now by default
  additional_information  an object of texts
  family                  a text that the tokens of one login share: they are revoked together
Clients, users and realms must be in the directory, and the client of a refresh token must be registered for the grant
and for one of the token's scopes. A thousand lines are imported all or nothing; an import can be
run again, and what is there already stays as it is. A running server honours the tokens within 20 seconds.
Settings come from the environment, as for apply.`;

/** Adds `import tokens`: takes over the tokens of another server. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description("take over another server's tokens")
    .command('tokens')
    .description('take over the tokens of a file of JSON lines, without logging anybody out')
    .argument('<FILE>', 'the file, a line for each token; - for standard input')
    .option('--from-line <number>', 'go on from this line, counted from 1', lineNumber, 1)
    .option('--strict', 'stop at the first bad line; nothing of its thousand lines is imported')
    .addHelpText('after', help)
    .action(importTokens);
}

function lineNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Not a line number.');
  return Number(text);
}

async function importTokens(argument: string, options: ImportTokensOptions): Promise<void> {
  const { fromLine, strict = false } = options;
  const { file, bytes, chunks, close } = await opened(argument);
  const report = new Report(file, bytes);
  // Nest and TypeORM are slow to load.
  const { importToDatabase } = await import('./application.js');
  const outcome = await importToDatabase(file, chunks, { fromLine, strict }, report)
    .catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      throw new CommandError(error.reason, error.message + report.whereToGoOn());
    })
    .finally(async () => {
      report.end();
      await close();
    });
  print(outcome.summary);
  if (outcome.bad > 0) {
    throw new CommandError(
      'refused',
      strict ? `stopped at a bad line${report.whereToGoOn()}` : badLines(outcome.bad),
    );
  }
}

function badLines(count: number): string {
  return `${count} bad ${count === 1 ? 'line was' : 'lines were'} left out`;
}

/** At most this many bad lines are listed; the others are only counted. */
const namedBadLines = 20;

/** Shows the progress of an import, and lists the bad lines at its end. */
class Report implements ImportObserver {
  private lastLine = 0;
  private readonly bad: string[] = [];
  private readonly progress: Progress;

  constructor(
    private readonly file: string,
    bytes: number,
  ) {
    this.progress = new Progress(bytes);
  }

  badLine(number: number, reason: string): void {
    if (this.bad.length < namedBadLines) this.bad.push(`symbolon: ${this.file}:${number}: ${reason}\n`);
  }

  done(line: number, bytes: number): void {
    this.lastLine = line;
    this.progress.show(line, bytes);
  }

  end(): void {
    this.progress.stop();
    process.stderr.write(this.bad.join(''));
  }

  /** How to resume an import that did not reach the end of its file; empty when no line is done. */
  whereToGoOn(): string {
    return this.lastLine > 0 ? `; go on with --from-line ${this.lastLine + 1}` : '';
  }
}

/** What is imported: the name to call it by, its size where that is known, and its content. */
interface Opened {
  readonly file: string;
  readonly bytes: number;
  readonly chunks: AsyncIterable<Buffer>;
  /** Closes the file, which nobody has read where the import was refused before. */
  readonly close: () => Promise<void>;
}

async function opened(argument: string): Promise<Opened> {
  if (argument === '-') {
    return { file: 'standard input', bytes: 0, chunks: process.stdin, close: async () => {} };
  }
  try {
    const handle = await open(argument);
    const { size: bytes } = await handle.stat();
    return { file: argument, bytes, chunks: chunksOf(handle), close: () => handle.close() };
  } catch (error) {
    throw unreadable(error);
  }
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  try {
    yield* handle.createReadStream() as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): CommandError {
  return new CommandError('usage', `the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
}
