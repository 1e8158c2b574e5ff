import { type Command, Option } from 'commander';
import { revokedView } from '../admin/tokens/user-token.view.js';
import { isTokenId } from '../domain/access-token.js';
import type { RevocationTarget } from '../domain/token-revoker.js';
import { CommandError } from './command-error.js';
import { askToken } from './explain.js';
import { print, printable, printableJson } from './terminal.js';

interface RevokeOptions {
  readonly id?: string;
  readonly family?: string;
  readonly json?: true;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const help = `
An access token ends alone, a refresh token with its family: the tokens of one sign-in. A token that is left out is asked for;
where standard input is no terminal, it is the first line of it. A token on a command line is kept by shells and can be
seen by other users of the machine. One that was revoked before stays so. All tokens of a user, client or realm are
ended by symbolon user revoke, and so on. Settings come from the environment, as for apply.`;

/** Adds `token revoke`: ends a token, or a family of tokens. */
export function addTokenRevoke(command: Command): void {
  command
    .command('revoke')
    .description('end an access token, or the tokens of one sign-in')
    .argument('[TOKEN]', 'the access or refresh token; asked for, or read from standard input, when left out')
    .addOption(
      new Option('--id <id>', "the token's SHA-256 in base64url, as token list has it").conflicts('family'),
    )
    .option('--family <uuid>', 'the family, as token list --json has it')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', help)
    .action(revoke);
}

async function revoke(argument: string | undefined, options: RevokeOptions): Promise<void> {
  const target = await targetOf(argument, options);
  // Nest and TypeORM are slow to load.
  const { revokeTokens } = await import('./tokens-application.js');
  const { revoked, database } = await revokeTokens(target);
  if (options.json) {
    print(printableJson(revokedView(revoked)));
    return;
  }
  const { id, family, clientId, username } = revoked;
  const what = id === undefined ? `family ${family}` : `access token ${id}`;
  const owner = username === undefined ? '' : ` and user ${username}`;
  print(printable(`${what} of client ${clientId}${owner}: revoked in ${database}`));
}

/** @throws CommandError */
async function targetOf(
  argument: string | undefined,
  { id, family }: RevokeOptions,
): Promise<RevocationTarget> {
  if (id === undefined && family === undefined) return { token: argument ?? (await askToken()) };
  if (argument !== undefined) {
    throw new CommandError('usage', 'a token, --id and --family exclude one another');
  }
  if (id !== undefined) {
    if (!isTokenId(id)) throw new CommandError('usage', '--id: not 43 characters of base64url');
    return { hash: Buffer.from(id, 'base64url') };
  }
  if (family === undefined || !uuid.test(family)) throw new CommandError('usage', '--family: not a UUID');
  return { family };
}
