import type { Command } from 'commander';
import { examinationMembers } from '../admin/doctor-view.js';
import { CommandError } from './command-error.js';
import { doctorSummary, doctorTable } from './doctor.presenter.js';
import { print, printableJson, showsColours } from './terminal.js';

const help = `
It looks at PostgreSQL, its settings and connections, migrations, clocks, the change feed, indexes, dead rows, the purge,
Cassandra where TOKEN_STORE says so, keys, and what of the registered clients and users and of the settings is risky.
Nothing is changed: pending migrations are found, and not applied. Settings come from the environment, and must be those
of the server. Exit status: 0 where no check failed, warnings or not; 1 where one failed.`;

/** Adds `doctor`: finds what is wrong with a database and the settings for it. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description("find out what is wrong with the server's database, keys and settings, and what to do")
    .option('--json', 'print all findings as one line of JSON')
    .addHelpText('after', help)
    .action(doctor);
}

async function doctor({ json }: { readonly json?: true }): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { examineDatabase } = await import('./doctor-application.js');
  const { examination, database } = await examineDatabase();
  print(json ? printableJson(examinationMembers(examination)) : doctorTable(examination, showsColours()));
  if (examination.status !== 'fail') return;
  throw new CommandError('refused', `${doctorSummary(examination)} in ${database}`);
}
