import { type Command, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import type { FilePlan } from '../provisioning/file-plan.js';
import { sourceOf } from '../provisioning/source.js';
import { CommandError } from './command-error.js';
import { planJsonLines, planLines, planSummary } from './file-plan.presenter.js';
import { Progress } from './progress.js';
import { print, printableJson, showsColours } from './terminal.js';

const help = `
Settings come from the environment, as the server's do: DATABASE_URL, or else DATA_DIR with the embedded database,
that of a server which runs there or, when none does, started for the occasion. Where there is none, none is made without
--create. Without DATABASE_URL and CONFIG_FILE it is the demo's database, as it is for a server. \${NAME} in the file
stands for this environment's variable.
With --plan nothing is written, and the exit status is 4 where something would change, 0 where nothing would. A file that was
applied last changes nothing, whatever was changed since by admin tokens and commands; a changed one overrules that, and
the plan says what.`;

interface ApplyOptions {
  readonly create?: boolean;
  readonly plan?: true;
  readonly json?: true;
}

/** Adds `apply`: changes the database to match a configuration file. */
export function addApply(program: Command): void {
  program
    .command('apply')
    .description("apply a configuration file to the server's database")
    .argument('<FILE>', 'the file, as symbolon.yaml; - for standard input')
    .option('--create', 'make the embedded database where there is none')
    .addOption(new Option('--plan', 'say what would change, and change nothing').conflicts('create'))
    .option('--json', 'print a line of JSON: the counts, or with --plan one for each change')
    .addHelpText('after', help)
    .action(apply);
}

async function apply(file: string, { create = false, plan, json }: ApplyOptions): Promise<void> {
  const source =
    file === '-' ? sourceOf('standard input', await readInput()) : sourceOf(file, await read(file));
  const progress = new Progress(0, 'subjects');
  const observe = (done: number, total: number) => progress.showOf(total, done);
  // Nest and TypeORM are slow to load, and not every command needs them.
  const { applyToDatabase, planForFile } = await import('./apply-application.js');
  if (plan) {
    const planned = await planForFile(source, observe).finally(() => progress.stop());
    showPlan(source.file, planned, json === true);
    return;
  }
  const applied = await applyToDatabase(source, create, observe).finally(() => progress.stop());
  print(json ? printableJson(applied.outcome) : applied.summary);
  if (applied.clientsNamedLikeUsers.length > 0) {
    process.stderr.write(warningOf(applied.clientsNamedLikeUsers));
  }
}

/** @throws CommandError where the plan has differences */
function showPlan(
  file: string,
  { plan, database }: { readonly plan: FilePlan; readonly database: string },
  json: boolean,
): void {
  const summary = `${file}: ${planSummary(plan)} in ${database}`;
  const lines = json ? planJsonLines(plan) : planLines(plan, showsColours());
  lines.forEach(print);
  if (plan.changes.length > 0) throw new CommandError('pending', summary);
  if (!json) print(summary);
}

/** At most this many clients are named. */
const maxNamed = 20;

function warningOf(clientIds: readonly string[]): string {
  const names = clientIds.slice(0, maxNamed).join(', ') + (clientIds.length > maxNamed ? ', …' : '');
  const meaning = "Axway's token information has the same user_id for both";
  return `symbolon: warning: clients are named like users, and ${meaning}: ${names}\n`;
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandError('usage', `the file cannot be read (${code})`);
  }
}
