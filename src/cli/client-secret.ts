import type { Command } from 'commander';
import { secretListMembers, secretMembers } from '../admin/secrets/secret.view.js';
import { type ClientSecretList, defaultOverlap, maxOverlap } from '../domain/client-secrets.js';
import { rootRealm } from '../domain/realm.js';
import { readRealm } from './admin-token.js';
import { wholeNumber } from './numbers.js';
import { tableLines } from './table.js';
import { print, printableJson, showsColours } from './terminal.js';

interface SecretOptions {
  readonly realm: string;
  readonly json?: true;
}

interface RotateOptions extends SecretOptions {
  /** Seconds. */
  readonly overlap: number;
}

const help = `
A client has two secrets at most: the current one, and the previous one until its overlap is over. No change of secrets
ends a token. Last use is to the minute, and may be some seconds late. Settings come from the environment, as for apply.`;

/** Adds `secret list|rotate|end` to the command `client`. */
export function addClientSecrets(client: Command): void {
  const secret = client.command('secret').description('look at the secrets of a client, and renew them');
  const add = (name: string, description: string) =>
    secret
      .command(`${name} <client-id>`)
      .description(description)
      .option('--realm <path>', 'the realm of the client', readRealm, rootRealm)
      .option('--json', 'print JSON, a line for each secret of a list')
      .addHelpText('after', help);
  add('list', 'list when the secrets of a client were made, were last used and end').action(list);
  add('rotate', 'give a client a new secret, and print it this once')
    .option(
      '--overlap <seconds>',
      `how long the old secret is accepted as well, 0 to ${maxOverlap}`,
      wholeNumber(0, maxOverlap, ' of seconds'),
      defaultOverlap,
    )
    .action(rotate);
  add('end', 'end the previous secret of a client at once').action(end);
}

async function list(clientId: string, { realm, json }: SecretOptions): Promise<void> {
  // Nest and TypeORM are slow to load.
  const { listSecrets } = await import('./client-secret-application.js');
  printList(await listSecrets({ realm, clientId }), json);
}

/** Standard output has the secret alone, so that a script can keep it. */
async function rotate(clientId: string, { realm, json, overlap }: RotateOptions): Promise<void> {
  const { rotateSecret } = await import('./client-secret-application.js');
  const made = await rotateSecret({ realm, clientId }, overlap);
  if (json) print(printableJson({ client_secret: made.value, ...secretListMembers(made) }));
  else print(made.value);
}

async function end(clientId: string, { realm, json }: SecretOptions): Promise<void> {
  const { endPreviousSecret } = await import('./client-secret-application.js');
  printList(await endPreviousSecret({ realm, clientId }), json);
}

function printList(listed: ClientSecretList, json: true | undefined): void {
  if (json) listed.secrets.forEach((secret) => print(printableJson(secretMembers(secret))));
  else print(secretTable(listed, showsColours()));
}

/** A table with a line for each secret. */
function secretTable({ secrets }: ClientSecretList, coloured: boolean): string {
  if (secrets.length === 0) return 'the client has no secret';
  const columns = ['secret', 'state', 'created', 'last used', 'until'].map((title) => ({ title }));
  const rows = secrets.map(({ id, state, createdAt, lastUsedAt, until }) => [
    id,
    state,
    time(createdAt),
    time(lastUsedAt),
    time(until),
  ]);
  return tableLines(columns, rows, coloured).join('\n');
}

function time(at: number | undefined): string {
  return at === undefined ? '-' : `${new Date(at).toISOString().slice(0, 19)}Z`;
}
