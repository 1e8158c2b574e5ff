import type { Bench } from '../bench.js';
import { missingForCassandra, type Shape } from '../cassandra/cluster.js';
import { diskSpace } from '../cassandra/disk-space.js';
import { type PreparedStores, prepareStores } from '../cassandra/prepared-stores.js';
import { compared, type Findings } from '../outcome.js';
import { basic, forgeRockGet, formPost, type Request } from '../request.js';
import { client, realm } from '../subjects.js';
import { tokenLength, type TokenFile, writeTokens } from '../tokens.js';
import type { Group, Scenario } from './all.js';
import { type RequestTime, throughput } from './throughput.js';

/** What is measured on a cluster and on PostgreSQL in turn. */
type Comparison = (bench: Bench, stores: PreparedStores, name: string) => Promise<Findings>;

/** The scenarios of one cluster beside PostgreSQL. The cluster is started for the first of them. */
export function besidePostgres({ nodes, commitLog }: Shape): Group {
  const shape = `Cassandra, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}${commitLog === 'group' ? ', group' : ''}`;
  let stores: Promise<PreparedStores> | undefined;
  const scenario = (what: string, compare: Comparison): Scenario => {
    const name = `${shape}: ${what}`;
    const measure = async (bench: Bench): Promise<Findings> => {
      const missing = missingForCassandra();
      if (missing.length > 0) return { figures: [], leftOut: `missing: ${missing.join(', ')}` };
      stores ??= prepareStores(bench, shape, { nodes, commitLog });
      return compare(bench, await stores, name);
    };
    return { name, measure };
  };
  return {
    scenarios: [
      // A cluster of copies takes as much on each node.
      ...(nodes === 1 ? [scenario('disk of a token', diskSpace)] : []),
      scenario('tokeninfo, not cached', tokenInfo),
      scenario('client credentials', clientCredentials),
      scenario('refresh', refresh),
    ],
    end: async () => (await stores?.catch(() => undefined))?.end(),
  };
}

/** Tokens that are asked for in turn, so many that none is in a cache when its turn comes. */
const tokenInfo: Comparison = (bench, stores, name) =>
  loads(bench, stores, { name, request: forgeRockGet, tokens: stores.accessTokens });

/** New tokens, without a user. */
const clientCredentials: Comparison = async (bench, stores, name) => {
  const before = [await stores.cassandra.count(), await stores.postgres.count()];
  // No token is presented.
  const tokens = await writeTokens(bench.folder, 'none', ['']);
  const findings = await loads(bench, stores, {
    name,
    request: grant('grant_type=client_credentials'),
    tokens,
  });
  const after = [await stores.cassandra.count(), await stores.postgres.count()];
  findings.issued.forEach((issued, store) => {
    const stored = after[store] - before[store];
    if (stored < issued) throw new Error(`${issued} tokens were issued, ${stored} are stored`);
  });
  return findings;
};

/** Refresh tokens, each used once (RFC 6749 §6): a new access token and a new refresh token of a user. */
const refresh: Comparison = (bench, stores, name) => {
  const request = grant('grant_type=refresh_token&refresh_token=', tokenLength);
  return loads(bench, stores, { name, request, tokens: stores.refreshTokens });
};

function grant(form: string, lengthOfToken = 0): Request {
  const path = `/oauth2${realm}/access_token`;
  return formPost(path, form, lengthOfToken, [basic(client.id, client.secret)]);
}

interface Asked {
  readonly name: string;
  readonly request: Request;
  readonly tokens: TokenFile;
}

/** Puts load on both servers, and reports requests a second and the processor time of a request. */
async function loads(
  bench: Bench,
  { cassandra, postgres }: PreparedStores,
  { name, request, tokens }: Asked,
): Promise<Findings & { readonly issued: number[] }> {
  const [ours, theirs] = [cassandra, postgres].map(({ who, server, time }) => {
    return { who, server, request, tokens, refused: 0, storeTime: time };
  });
  const scale = { ...bench.scale, warmUp: bench.scale.clusterWarmUp };
  const findings = await throughput({ ...bench, scale }, name, ours, [theirs]);
  const times = (part: keyof RequestTime) => {
    const [own, other] = findings.loads.map(({ who, results }) => ({
      who: `${part}: ${who}`,
      rounds: results.map(({ time }) => time![part]),
    }));
    return compared('µs', own, [other]);
  };
  const issued = findings.loads.map(({ results }) =>
    results.reduce((sum, { requests }) => sum + requests, 0),
  );
  return { figures: [...findings.figures, ...times('server'), ...times('store')], issued };
}
