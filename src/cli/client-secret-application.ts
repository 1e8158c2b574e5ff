import {
  type ClientSecretList,
  ClientSecrets,
  type NewClientSecret,
  type SecretChange,
} from '../domain/client-secrets.js';
import { cliActor } from './actor.js';
import { commandConfig, inDatabase, sayWhichDatabase } from './application.js';

/** The client whose secrets a command is about. */
export type NamedClient = Pick<SecretChange, 'realm' | 'clientId'>;

/** @throws CommandError */
export function listSecrets({ realm, clientId }: NamedClient): Promise<ClientSecretList> {
  return withSecrets((secrets) => secrets.list(realm, clientId));
}

/**
 * @param overlap in seconds
 * @throws CommandError
 */
export function rotateSecret(client: NamedClient, overlap: number): Promise<NewClientSecret> {
  return withSecrets((secrets) => secrets.rotate({ ...client, actor: cliActor() }, overlap));
}

/** @throws CommandError */
export function endPreviousSecret(client: NamedClient): Promise<ClientSecretList> {
  return withSecrets((secrets) => secrets.end({ ...client, actor: cliActor() }, 'previous'));
}

function withSecrets<Result>(work: (secrets: ClientSecrets) => Promise<Result>): Promise<Result> {
  const config = commandConfig();
  return inDatabase(config, (context) => {
    sayWhichDatabase(config);
    return work(context.get(ClientSecrets));
  });
}
