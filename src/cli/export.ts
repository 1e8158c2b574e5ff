import type { Command } from 'commander';
import { rootRealm } from '../domain/realm.js';
import { Counter } from './progress.js';
import { readRealm } from './admin-token.js';
import { printPart } from './terminal.js';

interface ExportOptions {
  readonly secrets?: boolean;
  readonly realm: string;
}

const help = `
The file is written to standard output, in the order of names: two exports of the same state are equal, so diff shows what has
changed. It is written in parts, and memory does not grow with the number of users; apply, which checks the whole of a file
first, needs memory for all of it.
With --secrets it has the hashes of passwords and client secrets, and apply makes the same realms, clients and users of it in
an empty database. Then tokens, sessions and audit events are missing there, and so are a client's secret before its
last rotation, the clients that admin-token has registered, and what is kept to recognise a password hash of another system
that was replaced.
Settings come from the environment, as for apply.`;

/** Adds `export`: writes what is registered as a configuration file. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write the realms, clients and users of the database as a configuration file')
    .option('--secrets', 'with the hashes of passwords and client secrets')
    .option('--realm <path>', 'this realm and those below it', readRealm, rootRealm)
    .addHelpText('after', help)
    .action(exportFile);
}

async function exportFile({ secrets = false, realm }: ExportOptions): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { exportFromDatabase } = await import('./export-application.js');
  // A terminal that shows the file shows how long it is.
  const counter = process.stdout.isTTY ? undefined : new Counter('subjects');
  const observe = (done: number) => counter?.show(done);
  await exportFromDatabase({ realm, secrets, observe }, printPart).finally(() => counter?.stop());
}
