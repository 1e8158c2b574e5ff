import { type Command, Option } from 'commander';
import { explanationMembers } from '../admin/explanation-view.js';
import { isTokenId } from '../domain/access-token.js';
import type { Question } from '../domain/explanation.js';
import { isRealmPath, rootRealm } from '../domain/realm.js';
import { CommandError } from './command-error.js';
import { explanationLines } from './explanation.presenter.js';
import { print, printableJson, Questions } from './terminal.js';

interface ExplainOptions {
  readonly id?: string;
  readonly realm?: string;
  readonly client?: string;
  readonly clientRealm?: string;
  readonly json?: true;
}

const help = `
A token that is left out is asked for; where standard input is no terminal, it is the first line of it. A token on a
command line is kept by shells and can be seen by other users of the machine.
--realm and --client describe the request of the resource server that was refused.
Exit status: 0 the token is active, 1 it is not, 2 called wrongly, 3 database not reachable.
Settings come from the environment, as for apply; the answers are those of a server with these settings.`;

/** Adds `explain`: says what the server thinks of a token, and why. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('say why a token is active or not, and what resource servers are told about it')
    .argument('[TOKEN]', 'the access or refresh token; asked for, or read from standard input, when left out')
    .addOption(new Option('--id <id>', "the token's SHA-256 in base64url, as logs and refusals have it"))
    .option('--realm <path>', "the realm that the resource server's request names")
    .option('--client <id>', 'the client that introspects the token')
    .option('--client-realm <path>', 'realm of that client; the root realm when left out')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', help)
    .action(explain);
}

async function explain(argument: string | undefined, options: ExplainOptions): Promise<void> {
  const request = requestOf(options);
  const about = await subjectOf(argument, options.id);
  // Nest and TypeORM are slow to load.
  const { explainToken } = await import('./explanation-application.js');
  const explanation = await explainToken({ about, within: rootRealm, ...request });
  if (options.json) print(printableJson(explanationMembers(explanation)));
  else print(explanationLines(explanation).join('\n'));
  if (explanation.verdict !== 'active') throw new CommandError('refused', 'the token is not active');
}

/** The request whose answer is to be explained. */
function requestOf({ realm, client, clientRealm }: ExplainOptions): Pick<Question, 'realm' | 'caller'> {
  if (clientRealm !== undefined && client === undefined) {
    throw new CommandError('usage', '--client-realm needs --client');
  }
  for (const [option, path] of Object.entries({ '--realm': realm, '--client-realm': clientRealm })) {
    if (path !== undefined && !isRealmPath(path)) {
      throw new CommandError('usage', `${option}: not the path of a realm, such as / or /alpha`);
    }
  }
  return {
    realm,
    caller: client === undefined ? undefined : { realm: clientRealm ?? rootRealm, clientId: client },
  };
}

async function subjectOf(argument: string | undefined, id: string | undefined): Promise<Question['about']> {
  if (id === undefined) return { token: argument ?? (await askToken()) };
  if (argument !== undefined) throw new CommandError('usage', 'a token and --id exclude each other');
  if (!isTokenId(id)) {
    throw new CommandError('usage', '--id: not 43 characters of base64url');
  }
  return { id };
}

/** The value of a token: asked for, or read from standard input. @throws CommandError where there is none */
export async function askToken(): Promise<string> {
  const questions = new Questions();
  try {
    return await questions.askHidden('Token');
  } finally {
    questions.close();
  }
}
