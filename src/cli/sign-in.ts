import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { challengeOf } from '../domain/pkce.js';
import { openBrowser } from './browser.js';
import { CallbackListener } from './callback-listener.js';
import {
  addClientOptions,
  authenticationOf,
  type ClientAuthentication,
  type ClientOptions,
} from './client-authentication.js';
import { CommandError } from './command-error.js';
import { type Answer, endpointUrl, get, postForm, refusal, urlOption } from './http.js';
import { isInteractive, print, printable, printableJson, Questions } from './terminal.js';

/** How long the command waits for the user, in milliseconds. */
const patienceMs = 300_000;

interface SignInOptions extends ClientOptions {
  readonly url: string;
  readonly redirectUri: string;
  readonly scope?: string;
  readonly realm?: string;
  readonly open: boolean;
}

const help = `
A client secret that is left out is asked for; where standard input is no terminal, it is read from there.
The client must list the redirect URI. A loopback one is good with every port.`;

/** Adds `sign-in`: the authorization code flow of a program on the user's machine (RFC 8252). */
export function addSignIn(program: Command): void {
  const command = program
    .command('sign-in')
    .description(
      'let a user sign in by browser, and print the access token and what both flavours say of it',
    );
  addClientOptions(command)
    .option('--scope <scope>', "scope tokens separated by spaces; the client's default when left out")
    .option('--realm <path>', 'realm, such as /alpha; the root realm when left out')
    .option(
      '--redirect-uri <uri>',
      'a redirect URI of the client on this machine; without a port, a free one is taken',
      'http://127.0.0.1/callback',
    )
    .option('--no-open', 'print the address alone, and open no browser')
    .addOption(urlOption())
    .addHelpText('after', help)
    .action(signIn);
}

async function signIn(options: SignInOptions): Promise<void> {
  const registered = loopbackUri(options.redirectUri);
  const issuer = await issuerOf(options);
  const authentication = await authenticationFrom(options);
  const listener = await CallbackListener.open(registered);
  try {
    const [state, verifier] = [randomText(), randomText()];
    const address = authorizationUrl(options, { redirectUri: listener.redirectUri, state, verifier });
    process.stderr.write(`Sign in with a browser at:\n\n  ${address.href}\n\n`);
    if (options.open && isInteractive()) openBrowser(address);
    const code = codeOf(await listener.answer(state, patienceMs), issuer);
    const form = new URLSearchParams({
      ...authentication.form,
      grant_type: 'authorization_code',
      code,
      redirect_uri: listener.redirectUri.href,
      code_verifier: verifier,
    });
    const answer = await postForm(realmUrl(options, '/oauth2/access_token'), form, authentication.headers);
    const { access_token: token } = answer.members;
    if (answer.status !== 200 || typeof token !== 'string') throw refusal(answer);
    await printAll(token, options);
  } finally {
    listener.close();
  }
}

/** @throws CommandError `usage` for a redirect URI that the command cannot listen on */
function loopbackUri(text: string): URL {
  const uri = URL.canParse(text) ? new URL(text) : undefined;
  if (uri?.protocol !== 'http:' || !['127.0.0.1', '[::1]', 'localhost'].includes(uri.hostname)) {
    throw new CommandError('usage', '--redirect-uri: not an http URI on 127.0.0.1, [::1] or localhost');
  }
  return uri;
}

async function authenticationFrom(options: SignInOptions): Promise<ClientAuthentication> {
  const questions = new Questions();
  try {
    return await authenticationOf(options, questions);
  } finally {
    questions.close();
  }
}

/** The issuer of the realm, by its metadata (RFC 8414): the answer to the request must name it. */
async function issuerOf({ url, realm = '/' }: SignInOptions): Promise<string> {
  const names = realm.split('/').filter((name) => name !== '');
  const path = names.length === 0 ? '' : ['/oauth2/realms/root', ...names].join('/realms/');
  const answer = await get(endpointUrl(url, `${path}/.well-known/oauth-authorization-server`));
  const { issuer } = answer.members;
  if (answer.status !== 200 || typeof issuer !== 'string') throw refusal(answer);
  return issuer;
}

function realmUrl({ url, realm }: SignInOptions, path: string): URL {
  const endpoint = endpointUrl(url, path);
  if (realm !== undefined) endpoint.searchParams.set('realm', realm);
  return endpoint;
}

function authorizationUrl(
  options: SignInOptions,
  { redirectUri, state, verifier }: { redirectUri: URL; state: string; verifier: string },
): URL {
  const address = realmUrl(options, '/oauth2/authorize');
  const parameters = {
    response_type: 'code',
    client_id: options.clientId,
    redirect_uri: redirectUri.href,
    state,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address;
}

/** @throws CommandError `refused` for an answer without a code, or of another issuer (RFC 9207 §2.4) */
function codeOf(answer: URLSearchParams, issuer: string): string {
  if (answer.get('iss') !== issuer)
    throw new CommandError('refused', 'the answer is not of the server that was asked');
  const code = answer.get('code');
  if (code !== null) return code;
  throw new CommandError(
    'refused',
    printable(answer.get('error_description') ?? answer.get('error') ?? 'no code'),
  );
}

async function printAll(token: string, options: SignInOptions): Promise<void> {
  const axway = await postForm(
    endpointUrl(options.url, '/api/oauth/tokeninfo'),
    new URLSearchParams({ access_token: token }),
  );
  const forgeRock = await get(realmUrl(options, '/oauth2/tokeninfo'), {
    Authorization: `Bearer ${token}`,
  });
  print(`Access token:\n${printable(token)}`);
  printAnswer('Axway’s token information', axway);
  printAnswer('ForgeRock’s token information', forgeRock);
}

function printAnswer(what: string, { status, members }: Answer): void {
  print(`\n${what} (status ${status}):\n${printableJson(members)}`);
}

/** 43 characters that nobody can guess: enough for a state and for a verifier (RFC 7636 §4.1). */
function randomText(): string {
  return randomBytes(32).toString('base64url');
}
