import type { Command } from 'commander';
import { userTokenView } from '../admin/tokens/user-token.view.js';
import { rootRealm } from '../domain/realm.js';
import type { UserToken } from '../domain/user-tokens.js';
import { readRealm } from './admin-token.js';
import { refuseLongTable } from './long-table.js';
import { wholeNumber } from './numbers.js';
import { type Cell, tableLines } from './table.js';
import { print, printable, printableJson, printPart, showsColours } from './terminal.js';

interface TokenListOptions {
  readonly user: string;
  readonly realm: string;
  readonly limit: number;
  readonly json?: true;
}

const maxListed = 1_000_000;

const help = `
Expired and revoked ones are listed, too, until they are purged. An id is the token's SHA-256 in base64url: token revoke and
explain take it. Settings come from the environment, as for apply.`;

/** Adds `token list`: the access tokens of a user. */
export function addTokenList(command: Command): void {
  command
    .command('list')
    .description('list the access tokens of a user, newest first')
    .requiredOption('--user <name>', 'name of the user')
    .option('--realm <path>', 'realm of the user', readRealm, rootRealm)
    .option('--limit <number>', `how many, 1 to ${maxListed}`, wholeNumber(1, maxListed), 50)
    .option('--json', 'print a line of JSON for each token')
    .addHelpText('after', help)
    .action(list);
}

async function list({ user, realm, limit, json }: TokenListOptions): Promise<void> {
  refuseLongTable(limit, json);
  // Nest and TypeORM are slow to load.
  const { eachToken } = await import('./tokens-application.js');
  const rows: (readonly Cell[])[] = [];
  const more = await eachToken(realm, user, limit, async (tokens) => {
    if (!json) rows.push(...tokens.map(tokenRow));
    else for (const token of tokens) await printPart(`${printableJson(userTokenView(token))}\n`);
  });
  if (!json) print(rows.length === 0 ? 'no tokens' : tableLines(columns, rows, showsColours()).join('\n'));
  if (more) process.stderr.write('symbolon: others may follow: go on with a greater --limit\n');
}

const columns = ['id', 'client', 'grant type', 'scope', 'issued', 'expires', 'state'].map((title) => ({
  title,
}));

function tokenRow({ hash, token, state }: UserToken): readonly Cell[] {
  return [
    hash.toString('base64url'),
    printable(token.clientId),
    printable(token.grantType),
    printable(token.scope.join(' ')),
    new Date(token.issuedAt).toISOString(),
    new Date(token.expiresAt).toISOString(),
    state === 'active' ? state : { text: state, colour: 'yellow' },
  ];
}
