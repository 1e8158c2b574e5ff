import type { Bench } from '../bench.js';
import { Connection } from '../connection.js';
import { basic, formPost, written } from '../request.js';
import { client } from '../subjects.js';
import { writeTokens } from '../tokens.js';
import type { Contender } from './throughput.js';

/** The adapter of oidc-provider holds no more than 1,000 tokens. */
const tokenCount = 500;

/** oidc-provider's introspection of opaque tokens (RFC 7662), with tokens that it has just issued. */
export async function introspection({ oidcProvider, folder }: Bench): Promise<Contender> {
  const authorization = basic(client.id, client.secret);
  const grant = formPost('/token', 'grant_type=client_credentials&scope=read', 0, [authorization]);
  const connection = await Connection.open(oidcProvider.port);
  const values: string[] = [];
  while (values.length < tokenCount) {
    const { body } = await connection.record(written(grant, ''));
    values.push((JSON.parse(body) as { access_token: string }).access_token);
  }
  connection.close();
  return {
    who: 'oidc-provider',
    server: oidcProvider,
    request: formPost('/token/introspection', 'token=', values[0].length, [authorization]),
    tokens: await writeTokens(folder, 'oidc-provider', values),
    refused: 0,
  };
}
