import type { Bench } from '../bench.js';
import { compared, type Findings } from '../outcome.js';
import { basic, forgeRockGet, formPost, type Request } from '../request.js';
import { client, realm } from '../subjects.js';
import { type TokenFile, writeTokens } from '../tokens.js';
import { throughput } from './throughput.js';

/** A server that counts must answer at least this share of what one that does not count answers. */
const target = { atLeast: 0.98 };

/** Requests that are counted in a round: enough for some milliseconds. */
const countedRequests = 1_000_000;

/** What counting costs cached tokens: symbolon beside itself with `MONITORING=off`. */
export function countedTokenInfo(bench: Bench): Promise<Findings> {
  return besideNoCounting(bench, 'counted tokeninfo, cached', forgeRockGet, bench.tokens.workingSet);
}

/** What counting costs the client credentials grant. */
export async function countedGrants(bench: Bench): Promise<Findings> {
  const form = 'grant_type=client_credentials&scope=read';
  const request = formPost(`/oauth2${realm}/access_token`, form, 0, [basic(client.id, client.secret)]);
  // No token is presented.
  const tokens = await writeTokens(bench.folder, 'none', ['']);
  return besideNoCounting(bench, 'counted client credentials', request, tokens);
}

/** What it costs to count one request, without anything around it. */
export async function counting({ scale, servers }: Bench): Promise<Findings> {
  const rounds = JSON.parse(await servers.counting(scale.rounds, countedRequests)) as number[];
  const figures = compared('ns', { who: 'a request', rounds, target: { atMost: 1000 } }, []);
  return { figures };
}

/**
 * The difference is small: three times as many rounds as elsewhere, each of half the time. Both servers are fresh: one
 * that has answered all scenarios before has other optimised code and a larger heap.
 */
async function besideNoCounting(
  bench: Bench,
  name: string,
  request: Request,
  tokens: TokenFile,
): Promise<Findings> {
  const { scale, servers, databases } = bench;
  const finer = {
    ...scale,
    rounds: 3 * scale.rounds,
    seconds: Math.round(scale.seconds / 2) || scale.seconds,
  };
  const counted = await servers.symbolon(databases.many);
  const off = await servers.symbolon(databases.many, { MONITORING: 'off' });
  const asked = { request, tokens, refused: 0 };
  const { figures } = await throughput(
    { ...bench, scale: finer },
    name,
    { ...asked, who: 'symbolon', server: counted },
    [{ ...asked, who: 'MONITORING=off', server: off, target }],
  );
  await counted.end();
  await off.end();
  return { figures };
}
