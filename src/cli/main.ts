#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addApply } from './apply.js';
import { CommandError, exitStatus } from './command-error.js';
import { addHash } from './hash.js';
import { addImport } from './import.js';
import { addKeys } from './keys.js';
import { addToken } from './token.js';
import { addTokenInfo } from './token-info.js';

const help = `
Exit status: 0 done, 1 refused, 2 called wrongly, 3 server or database not reachable.`;

function createProgram(): Command {
  const program = new Command('symbolon')
    .description('Asks a Symbolon authorization server, and looks after it.')
    .addHelpText('afterAll', help)
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: (message, write) => write(usageLine(message)) })
    .exitOverride();
  for (const add of [addTokenInfo, addToken, addApply, addImport, addKeys, addHash]) add(program);
  const version = readVersion();
  for (const command of withSubcommands(program)) command.version(version);
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Commander's own line in our form; what follows a mistyped option's `=` may be a secret. */
function usageLine(message: string): string {
  return message.replace(/^error:/, 'symbolon:').replace(/=[^']*'/, "'");
}

/** From package.json, as seen from dist/src/cli. */
function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Runs a command line and says its exit status. */
async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args);
    return 0;
  } catch (error) {
    // Help and version end that way, too; whatever is wrong has been said then.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitStatus.usage;
    if (error instanceof CommandError) {
      process.stderr.write(`symbolon: ${error.message}\n`);
      return exitStatus[error.reason];
    }
    // A mistake of ours; Node would print its message, and end with this status, too.
    const { describeStartError: sentenceFor } = await import('../app/start-error.js');
    process.stderr.write(`symbolon: ${sentenceFor(error)}\n`);
    return exitStatus.refused;
  }
}

// A database that failed to start may leave a thread behind, which would keep the process alive.
process.exit(await run(process.argv));
