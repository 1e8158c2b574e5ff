import { type Command, InvalidArgumentError } from 'commander';
import { maxAdminTokenLifetime } from '../domain/admin-token.js';
import { isRealmPath, rootRealm } from '../domain/realm.js';
import { formatScope } from '../domain/scope.js';
import { wholeNumber } from './numbers.js';
import { print, printableJson } from './terminal.js';

interface AdminTokenOptions {
  readonly realm: string;
  readonly read?: true;
  /** Seconds. */
  readonly expires: number;
  readonly json?: true;
}

/** The shortest lifetime of an admin token, in seconds. */
const minLifetime = 60;

const help = `
Its holder may look at the realm and those below it at the operator's listener, and change them. It is a token of the
realm's client symbolon-admin, which is registered when it is missing. The token is shown once, and its issue is
recorded (symbolon audit). Settings come from the environment, as for apply: whoever may write to the database may
issue a token.`;

/** Adds `admin-token`: issues a token for the operator's listener. */
export function addAdminToken(program: Command): void {
  program
    .command('admin-token')
    .description("issue a token for the operator's listener, and print it")
    .option('--realm <path>', 'the realm that it is for', readRealm, rootRealm)
    .option('--read', 'it may look, but change nothing')
    .option(
      '--expires <seconds>',
      `its lifetime, ${minLifetime} to ${maxAdminTokenLifetime}`,
      wholeNumber(minLifetime, maxAdminTokenLifetime, ' of seconds'),
      3600,
    )
    .option('--json', 'print one line of JSON')
    .addHelpText('after', help)
    .action(adminToken);
}

async function adminToken({ realm, read, expires, json }: AdminTokenOptions): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { issueAdminToken } = await import('./operations-application.js');
  const token = await issueAdminToken({ realm, right: read ? 'read' : 'write', lifetime: expires });
  if (!json) {
    print(token.value);
    return;
  }
  const members = {
    access_token: token.value,
    token_type: 'Bearer',
    scope: formatScope(token.scope),
    realm: token.realm,
    expires_in: expires,
    token_id: token.id,
  };
  print(printableJson(members));
}

/** Reads the path of a realm. @throws InvalidArgumentError */
export function readRealm(text: string): string {
  if (!isRealmPath(text))
    throw new InvalidArgumentError('It must be the path of a realm, such as / or /alpha.');
  return text;
}
