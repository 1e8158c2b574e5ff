import type { Bench } from '../bench.js';
import type { Findings } from '../outcome.js';
import { basic, formPost } from '../request.js';
import { client, realm } from '../subjects.js';
import { writeTokens } from '../tokens.js';
import { throughput } from './throughput.js';

/** The client credentials grant (RFC 6749 §4.4), each token durable in PostgreSQL before the answer. */
export async function clientCredentials(bench: Bench): Promise<Findings> {
  const { symbolon, oidcProvider, databases, folder } = bench;
  const form = 'grant_type=client_credentials&scope=read';
  const headers = [basic(client.id, client.secret)];
  // No token is presented.
  const asked = { tokens: await writeTokens(folder, 'none', ['']), refused: 0 };
  const rows = async () => {
    const [{ count }] = await databases.many.query<{ count: string }>('SELECT count(*) FROM access_token');
    return Number(count);
  };
  const before = await rows();
  const findings = await throughput(
    bench,
    'client credentials',
    {
      who: 'symbolon',
      server: symbolon,
      request: formPost(`/oauth2${realm}/access_token`, form, 0, headers),
      ...asked,
    },
    [
      {
        who: 'oidc-provider',
        server: oidcProvider,
        request: formPost('/token', form, 0, headers),
        ...asked,
        target: { atLeast: 2 },
      },
    ],
  );
  const issued = findings.loads[0].results.reduce((sum, { requests }) => sum + requests, 0);
  const stored = (await rows()) - before;
  if (stored < issued) throw new Error(`${issued} tokens were issued, ${stored} are stored`);
  return findings;
}
