import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { sourceOf } from '../provisioning/source.js';
import { CommandError } from './command-error.js';
import { print } from './terminal.js';

const help = `
Settings come from the environment, as the server's do: DATABASE_URL, or else DATA_DIR with the embedded database,
that of a server which runs there or, when none does, started for the occasion. Where there is none, none is made without
--create. Without DATABASE_URL and CONFIG_FILE it is the demo's database, as it is for a server. \${NAME} in the file
stands for this environment's variable.`;

/** Adds `apply`: changes the database to match a configuration file. */
export function addApply(program: Command): void {
  program
    .command('apply')
    .description("apply a configuration file to the server's database")
    .argument('<FILE>', 'the file, as symbolon.yaml; - for standard input')
    .option('--create', 'make the embedded database where there is none')
    .addHelpText('after', help)
    .action(apply);
}

async function apply(file: string, { create = false }: { readonly create?: boolean }): Promise<void> {
  const source =
    file === '-' ? sourceOf('standard input', await readInput()) : sourceOf(file, await read(file));
  // Nest and TypeORM are slow to load, and not every command needs them.
  const { applyToDatabase } = await import('./application.js');
  const { summary, clientsNamedLikeUsers } = await applyToDatabase(source, create);
  print(summary);
  if (clientsNamedLikeUsers.length > 0) process.stderr.write(warningOf(clientsNamedLikeUsers));
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
