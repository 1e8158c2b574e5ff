import type { Command } from 'commander';
import { endpointUrl, postForm, refusal, urlOption } from './http.js';
import { print, Questions } from './terminal.js';
import { readTokenInfo, tokenInfoLayout } from './token-info.presenter.js';

/** Adds `token-info`: Axway's sample client. */
export function addTokenInfo(program: Command): void {
  program
    .command('token-info')
    .description("ask the Axway flavour what an access token is worth, and print it in the vendor's layout")
    .argument('[TOKEN]', 'the access token; asked for, or read from standard input, when left out')
    .addOption(urlOption())
    .addHelpText('after', '\nA token on a command line can be seen by other users of the machine.')
    .action(tokenInfo);
}

async function tokenInfo(argument: string | undefined, { url }: { url: string }): Promise<void> {
  const endpoint = endpointUrl(url, '/api/oauth/tokeninfo');
  const token = argument ?? (await askToken());
  const answer = await postForm(endpoint, new URLSearchParams({ access_token: token }));
  const info = readTokenInfo(answer);
  print(tokenInfoLayout(token, answer.status, info));
  if (!info) throw refusal(answer);
}

async function askToken(): Promise<string> {
  const questions = new Questions();
  try {
    return await questions.ask('Token');
  } finally {
    questions.close();
  }
}
