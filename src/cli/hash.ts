import type { Command } from 'commander';
import { generateSecret, hashGeneratedSecret } from '../domain/secret.js';
import { askPassword } from './password-prompt.js';
import { print } from './terminal.js';

const help = `
The password is asked for; where standard input is no terminal, it is one line of it. The hash goes into the file
as password_hash or client_secret_hash. With --generate, give the client_secret to the client, and keep only the
client_secret_hash.`;

/** Adds `hash`: makes the hashes that a configuration file takes. */
export function addHash(program: Command): void {
  program
    .command('hash')
    .description('hash a password or client secret for a configuration file')
    .option('--generate', 'make a new client secret, and print it with its hash')
    .addHelpText('after', help)
    .action(({ generate }: { generate?: true }) => (generate ? printSecret() : printHash()));
}

function printSecret(): void {
  const secret = generateSecret();
  print(`client_secret: ${secret}`);
  print(`client_secret_hash: ${hashGeneratedSecret(secret)}`);
}

async function printHash(): Promise<void> {
  const password = await askPassword();
  const { Argon2idHasher } = await import('../hashing/argon2id.js');
  print(await new Argon2idHasher().hash(password));
}
