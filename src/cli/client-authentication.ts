import { type Command, Option } from 'commander';
import type { Questions } from './terminal.js';

/** Which client a command is, as its options say. */
export interface ClientOptions {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly public?: true;
}

/** Adds the options that say which client the command is. */
export function addClientOptions(command: Command): Command {
  return command
    .requiredOption('--client-id <id>', 'client identifier')
    .option('--client-secret <secret>', 'client secret')
    .addOption(new Option('--public', 'the client is public: it has no secret').conflicts('clientSecret'));
}

/** What a token request has for the authentication of its client. */
export interface ClientAuthentication {
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** How the client authenticates; a secret that was not given is asked for. */
export async function authenticationOf(
  { clientId, clientSecret, public: isPublic }: ClientOptions,
  questions: Questions,
): Promise<ClientAuthentication> {
  if (isPublic) return { form: { client_id: clientId }, headers: {} };
  const secret = clientSecret ?? (await questions.askHidden('Client secret'));
  return { form: {}, headers: { Authorization: basic(clientId, secret) } };
}

/** HTTP Basic with both halves form-encoded (RFC 6749 §2.3.1). */
function basic(clientId: string, clientSecret: string): string {
  const credentials = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function formEncode(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice('='.length);
}
