import type { Command } from 'commander';
import { print } from './terminal.js';

const help = `
Every node of the server knows the new key before it signs. Tokens that were tagged with older keys stay active: a
key is forgotten when its successor has signed for the longest lifetime that any client was ever registered with, and
a day more. At most 64 keys are kept. Settings come from the environment, as for apply.`;

/** Adds `keys rotate`: renews the key that tags tokens. */
export function addKeys(program: Command): void {
  program
    .command('keys')
    .description('look after the keys that tokens are tagged with')
    .command('rotate')
    .description('publish a new key, which signs new tokens a minute later')
    .addHelpText('after', help)
    .action(rotate);
}

async function rotate(): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { rotateTokenKeys } = await import('./application.js');
  print(await rotateTokenKeys());
}
