import { Command, CommanderError } from 'commander';
import { hasReplacedBytes } from '../config/utf8.js';
import { readVersion } from '../config/version.js';
import { addAdminToken } from './admin-token.js';
import { addApply } from './apply.js';
import { addAudit } from './audit.js';
import { CommandError, exitStatus } from './command-error.js';
import { addCompletion } from './completion.js';
import { addCopy } from './copy.js';
import { addDoctor } from './doctor.js';
import { addExport } from './export.js';
import { addExplain } from './explain.js';
import { addHash } from './hash.js';
import { addImport } from './import.js';
import { addKeys } from './keys.js';
import { addMigrate } from './migrate.js';
import { addRefusal } from './refusal.js';
import { addServe } from './serve.js';
import { addSignIn } from './sign-in.js';
import { outputWritten, watchOutput } from './terminal.js';
import { addNodes } from './nodes.js';
import { addSubjects } from './subjects.js';
import { addToken } from './token.js';
import { addTokenInfo } from './token-info.js';
import { addTraffic } from './traffic.js';

const help = `
Exit status: 0 done, 1 refused, 2 called wrongly, 3 server or database not reachable, 4 a plan has
differences.`;

function createProgram(): Command {
  const program = new Command('symbolon')
    .description('Asks a Symbolon authorization server, and looks after it.')
    .addHelpText('afterAll', help)
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: (message, write) => write(usageLine(message)) })
    .exitOverride();
  const asking = [addServe, addTokenInfo, addToken, addSignIn, addExplain, addRefusal];
  const changing = [
    addSubjects,
    addApply,
    addExport,
    addMigrate,
    addImport,
    addCopy,
    addKeys,
    addHash,
    addAdminToken,
  ];
  const watching = [addTraffic, addNodes, addAudit, addDoctor, addCompletion];
  for (const add of [...asking, ...changing, ...watching]) add(program);
  const version = readVersion();
  for (const command of withSubcommands(program)) command.version(version);
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Commander's error line in our form, without what follows a mistyped option's `=`: it may be a secret. */
function usageLine(message: string): string {
  return message.replace(/^error:/, 'symbolon:').replace(/=[^']*'/, "'");
}

/** Without this check, Commander would pass a mistyped command to the default command as an argument. */
function refuseUnknownCommand(program: Command, name: string | undefined): void {
  if (name === undefined || name.startsWith('-') || name === 'help') return;
  const known = program.commands.some((command) => command.name() === name);
  if (!known) program.error(`error: unknown command '${name}'`);
}

function refuseOtherEncodings(args: readonly string[]): void {
  const number = args.findIndex(hasReplacedBytes) + 1;
  if (number > 0) throw new CommandError('usage', `argument ${number} is not UTF-8`);
}

/** Runs a command line. @returns its exit status, once everything that it printed is written */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  watchOutput();
  const status = await run(args);
  await outputWritten();
  return status;
}

async function run(args: readonly string[]): Promise<number> {
  try {
    refuseOtherEncodings(args.slice(2));
    const program = createProgram();
    refuseUnknownCommand(program, args[2]);
    await program.parseAsync(args);
    return 0;
  } catch (error) {
    // Help and version end with this error, too. Commander has already printed its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitStatus.usage;
    if (error instanceof CommandError) {
      process.stderr.write(`symbolon: ${error.message}\n`);
      return exitStatus[error.reason];
    }
    // A bug. Node, too, would print an uncaught error and end with this status.
    const { describeStartError: sentenceFor } = await import('../app/start-error.js');
    process.stderr.write(`symbolon: ${sentenceFor(error)}\n`);
    return exitStatus.refused;
  }
}
