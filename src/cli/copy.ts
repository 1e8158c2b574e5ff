import { type Command, Option } from 'commander';
import { Progress } from './progress.js';
import { print } from './terminal.js';

const help = `
From the database of DATABASE_URL, or the embedded one, to the cluster of the settings CASSANDRA_*, whichever of them
TOKEN_STORE names. Nobody is logged out: access tokens and refresh tokens go on as they are, and what was used or revoked
stays so.
Run it while servers work on the database. Then stop them, run it again, which copies what came in the meantime, and
start them with TOKEN_STORE=cassandra. A run that was broken off is completed by the next one. Nothing that has been used
or revoked in the cluster is undone by a run.
Settings come from the environment, as for apply.`;

/** Adds `copy tokens`: moves the tokens to another store of the same server. */
export function addCopy(program: Command): void {
  program
    .command('copy')
    .description('move to another token store')
    .command('tokens')
    .description('copy all tokens of the database to Apache Cassandra, without logging anybody out')
    .addOption(new Option('--to <store>', 'where the tokens go').choices(['cassandra']).makeOptionMandatory())
    .addHelpText('after', help)
    .action(copyTokens);
}

async function copyTokens(): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { copyToCassandra } = await import('./copy-application.js');
  const progress = new Progress(1, 'tokens');
  const summary = await copyToCassandra((tokens, share) => progress.show(tokens, share)).finally(() =>
    progress.stop(),
  );
  print(summary);
}
