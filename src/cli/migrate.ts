import type { Command } from 'commander';
import { CommandError } from './command-error.js';
import type { Plan } from './migration-application.js';
import { tableLines } from './table.js';
import { print, showsColours } from './terminal.js';

const help = `
A server and the other commands migrate at their start, too; this does nothing else. With --plan, nothing is changed,
and the exit status is 4 where migrations are pending, 0 where none are. The plan says of each
  older nodes   "serve on": nodes of the version before may run beside it; "must end": they must not
  locks         "none": reads and writes go on; "brief": a table is locked for a moment, and others wait for 0.5 s at
                most; "long": a large table may be locked for minutes
Settings come from the environment, as for apply; no embedded database is made. Apache Cassandra's tables are made at the
start of a server.`;

/** Adds `migrate`: brings the database's schema up to date. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description("bring the schema of the server's database up to date")
    .option('--plan', 'list the pending migrations, and apply none')
    .addHelpText('after', help)
    .action(migrate);
}

async function migrate({ plan = false }: { readonly plan?: boolean }): Promise<void> {
  // TypeORM is slow to load.
  const { applyMigrations, countOf, planForDatabase } = await import('./migration-application.js');
  if (!plan) {
    print(await applyMigrations());
    return;
  }
  const { pending, database } = await planForDatabase();
  const summary = `${countOf(pending.length)} pending in ${database}`;
  if (pending.length === 0) {
    print(summary);
    return;
  }
  print(planTable(pending, showsColours()));
  throw new CommandError('pending', summary);
}

function planTable(pending: Plan['pending'], coloured: boolean): string {
  const columns = [{ title: 'migration' }, { title: 'older nodes' }, { title: 'locks' }];
  const rows = pending.map(({ name, compatible, locks }) => [
    name,
    compatible ? 'serve on' : ({ text: 'must end', colour: 'red' } as const),
    locks === 'long' ? ({ text: locks, colour: 'yellow' } as const) : locks,
  ]);
  return tableLines(columns, rows, coloured).join('\n');
}
