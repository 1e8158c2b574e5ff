import { type Command, Option } from 'commander';
import type { GrantType } from '../domain/grant-type.js';
import { addClientOptions, authenticationOf, type ClientOptions } from './client-authentication.js';
import { CommandError } from './command-error.js';
import { endpointUrl, postForm, refusal, urlOption } from './http.js';
import { addTokenList } from './token-list.js';
import { addTokenRevoke } from './token-revoke.js';
import { print, printable, printableJson, Questions } from './terminal.js';

/** The grants that the command can use. */
const grants: readonly GrantType[] = ['password', 'client_credentials'];

interface TokenOptions extends ClientOptions {
  readonly url: string;
  readonly grant: GrantType;
  readonly username?: string;
  readonly password?: string;
  readonly scope?: string;
  readonly realm?: string;
  readonly json?: true;
}

const help = `
A client secret or password that is left out is asked for; where standard input is no terminal, it is read from
there: the client secret on the first line, then the password on a line of its own. Secrets on a command line can
be seen by other users of the machine.`;

/**
 * Adds `token`: gets an access token (RFC 6749 §4.3, §4.4), lists and revokes them. Its options are those of a command below
 * it, so that the others need none of them.
 */
export function addToken(program: Command): void {
  const token = program.command('token').description('get an access token, list and revoke them');
  token.addHelpText('after', help);
  addTokenGet(token);
  addTokenList(token);
  addTokenRevoke(token);
}

function addTokenGet(token: Command): void {
  const command = token
    .command('get', { isDefault: true })
    .description('get an access token, and print it alone; symbolon token does it, too')
    .addOption(new Option('--grant <type>', 'grant type').choices(grants).makeOptionMandatory());
  addClientOptions(command)
    .option('--username <name>', "the resource owner's name, for the password grant")
    .option('--password <password>', "the resource owner's password, for the password grant")
    .option('--scope <scope>', "scope tokens separated by spaces; the client's default when left out")
    .option('--realm <path>', 'realm, such as /alpha; the root realm when left out')
    .option('--json', 'print the whole answer')
    .addOption(urlOption())
    .addHelpText('after', help)
    .action(getToken);
}

async function getToken(options: TokenOptions): Promise<void> {
  checkResourceOwner(options);
  const endpoint = endpointUrl(options.url, '/oauth2/access_token');
  if (options.realm !== undefined) endpoint.searchParams.set('realm', options.realm);
  const { form, headers } = await tokenRequest(options);
  const answer = await postForm(endpoint, form, headers);
  const { access_token: value } = answer.members;
  if (answer.status !== 200 || typeof value !== 'string') throw refusal(answer);
  print(options.json ? printableJson(answer.members) : printable(value));
}

function checkResourceOwner({ grant, username, password }: TokenOptions): void {
  if (grant === 'password' && username === undefined) {
    throw new CommandError('usage', '--grant password needs --username');
  }
  if (grant !== 'password' && (username ?? password) !== undefined) {
    throw new CommandError('usage', '--username and --password belong to --grant password');
  }
}

async function tokenRequest(options: TokenOptions) {
  const { grant, username, password, scope } = options;
  const questions = new Questions();
  try {
    const { form: proof, headers } = await authenticationOf(options, questions);
    const form = new URLSearchParams({ grant_type: grant, ...proof });
    if (username !== undefined) {
      form.set('username', username);
      form.set('password', password ?? (await questions.askHidden('Password')));
    }
    if (scope !== undefined) form.set('scope', scope);
    return { form, headers };
  } finally {
    questions.close();
  }
}
