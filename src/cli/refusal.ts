import type { Command } from 'commander';
import { refusalExplanationMembers } from '../admin/explanation-view.js';
import { CommandError } from './command-error.js';
import { refusalLines } from './explanation.presenter.js';
import { print, printableJson } from './terminal.js';

const help = `
The correlation id is the answer's header X-Correlation-Id. A server keeps a sample of the refused requests for a day.
Settings come from the environment, as for apply.`;

/** Adds `refusal`: says why a request was refused. */
export function addRefusal(program: Command): void {
  program
    .command('refusal')
    .description('say why a request was refused')
    .argument('<ID>', 'the correlation id of the answer')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', help)
    .action(refusal);
}

async function refusal(id: string, { json }: { readonly json?: true }): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { explainRefusal } = await import('./explanation-application.js');
  const explanation = await explainRefusal(id);
  if (!explanation) throw new CommandError('refused', 'no refusal with this correlation id is kept');
  if (json) print(printableJson(refusalExplanationMembers(explanation)));
  else print(refusalLines(explanation).join('\n'));
}
