import type { Bench } from '../bench.js';
import { addRefreshTokens, issuedTokens } from '../cassandra/issued-tokens.js';
import { range } from '../numbers.js';
import type { Findings } from '../outcome.js';
import { basic, formPost } from '../request.js';
import { client, realm } from '../subjects.js';
import { tokenLength, TokenMaker, writeTokens } from '../tokens.js';
import { throughput } from './throughput.js';

/** The name of the scenario. */
export const refreshName = 'refresh, beside client credentials';

/** Refresh tokens, each used once (RFC 6749 §6), beside client credentials at the same server. */
export async function refresh(bench: Bench): Promise<Findings> {
  const { symbolon, databases, folder, scale } = bench;
  const [{ secret }] = await databases.many.query<{ secret: Buffer }>('SELECT secret FROM token_key');
  const maker = new TokenMaker(secret);
  const values = range(scale.refreshTokens.postgres).map((number) =>
    maker.genuine(`rotated ${number}`, 'syr_'),
  );
  await addRefreshTokens(databases.many, await issuedTokens(databases.many, values));
  const grant = (form: string, length: number) =>
    formPost(`/oauth2${realm}/access_token`, form, length, [basic(client.id, client.secret)]);
  const asked = { server: symbolon, refused: 0 };
  return throughput(
    bench,
    refreshName,
    {
      ...asked,
      who: 'symbolon',
      request: grant('grant_type=refresh_token&refresh_token=', tokenLength),
      tokens: await writeTokens(folder, 'rotated', values),
    },
    [
      {
        ...asked,
        who: 'client credentials',
        request: grant('grant_type=client_credentials&scope=read', 0),
        tokens: await writeTokens(folder, 'none', ['']),
        target: { atLeast: 0.4 },
      },
    ],
  );
}
