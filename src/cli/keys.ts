import type { Command } from 'commander';
import { keyMembers } from '../admin/key-view.js';
import type { ListedKey } from '../domain/listed-key.js';
import { tableLines } from './table.js';
import { print, printableJson, showsColours } from './terminal.js';

const help = `
Every node of the server knows the new key before it signs. Tokens that were tagged with older keys stay active: a
key is forgotten when its successor has signed for the longest lifetime that any client was ever registered with, and
a day more. At most 64 keys are kept. Settings come from the environment, as for apply.`;

const listHelp = `
The secrets are not shown. A key waits until it signs, a minute after it was published; the newest one that signs tags
new tokens; older ones verify the tokens that they have tagged, and are deleted by a rotation after "kept until".
Settings come from the environment, as for apply.`;

/** Adds `keys list` and `keys rotate`: shows and renews the keys that tag tokens. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('look after the keys that tokens are tagged with');
  keys
    .command('list')
    .description('list the keys, newest first')
    .option('--json', 'print a line of JSON for each key')
    .addHelpText('after', listHelp)
    .action(list);
  keys
    .command('rotate')
    .description('publish a new key, which signs new tokens a minute later')
    .addHelpText('after', help)
    .action(rotate);
}

async function list({ json }: { readonly json?: true }): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { listTokenKeys } = await import('./operations-application.js');
  const keys = await listTokenKeys();
  if (json) keys.forEach((key) => print(printableJson(keyMembers(key))));
  else print(keyTable(keys, showsColours()));
}

/** A table with a line for each key. */
function keyTable(keys: readonly ListedKey[], coloured: boolean): string {
  const columns = ['key', 'state', 'published', 'signs from', 'kept until'].map((title) => ({ title }));
  const time = (at: number | undefined) => (at === undefined ? '-' : new Date(at).toISOString());
  const rows = keys.map(({ id, state, publishedAt, signsFrom, keptUntil }) => [
    id,
    state,
    ...[publishedAt, signsFrom, keptUntil].map(time),
  ]);
  return tableLines(columns, rows, coloured).join('\n');
}

async function rotate(): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { rotateTokenKeys } = await import('./application.js');
  print(await rotateTokenKeys());
}
