import type { Bench } from '../bench.js';
import { imitate } from '../imitation.js';
import type { Findings, Target } from '../outcome.js';
import { axwayGet, basic, forgeRockGet, formPost, type Request, written } from '../request.js';
import type { SeededTokens } from '../seed.js';
import { client, realm } from '../subjects.js';
import { tokenLength } from '../tokens.js';
import { type Contender, throughput } from './throughput.js';

/** A tokeninfo request to measure. */
export interface TokenInfoScenario {
  readonly name: string;
  readonly request: Request;
  readonly tokens: keyof SeededTokens;
  /** The share of the tokens that must be refused; 0 when left out. */
  readonly refused?: number;
  /** Targets of our figure divided by bare `node:http`'s, and by that of oidc-provider's introspection. */
  readonly targets?: { readonly bare: Target; readonly oidcProvider?: Target };
  /** Whether Nest is measured, too. */
  readonly nest?: boolean;
}

const cached = { bare: { atLeast: 0.7 }, oidcProvider: { atLeast: 6 } };
const refused = { bare: { atLeast: 0.6 } };
const introspected = { bare: { atLeast: 0.5 } };
const uncached = { bare: { atLeast: 0.33 }, oidcProvider: { atLeast: 3 } };

/** The scenarios whose rates count as our peaks. */
export const uncachedScenario: TokenInfoScenario = {
  name: 'tokeninfo, not cached',
  request: forgeRockGet,
  tokens: 'live',
  targets: uncached,
};

export const cachedScenario: TokenInfoScenario = {
  name: 'tokeninfo (ForgeRock, GET), cached',
  request: forgeRockGet,
  tokens: 'workingSet',
  targets: cached,
  nest: true,
};

const axwayPost = formPost('/api/oauth/tokeninfo', 'access_token=', tokenLength);

const introspection = formPost(`/oauth2${realm}/introspect`, 'token=', tokenLength, [
  basic(client.id, client.secret),
]);

/** Every scenario of tokeninfo, and introspection of the same tokens. */
export const tokenInfoScenarios: readonly TokenInfoScenario[] = [
  cachedScenario,
  { name: 'tokeninfo (Axway, GET), cached', request: axwayGet, tokens: 'workingSet', targets: cached },
  { name: 'tokeninfo (Axway, POST), cached', request: axwayPost, tokens: 'workingSet', targets: cached },
  {
    name: 'tokeninfo, every tenth refused',
    request: forgeRockGet,
    tokens: 'mix',
    refused: 0.1,
    targets: refused,
  },
  { name: 'tokeninfo, forged', request: forgeRockGet, tokens: 'forged', refused: 1, targets: refused },
  uncachedScenario,
  {
    name: 'introspection (RFC 7662), cached',
    request: introspection,
    tokens: 'workingSet',
    targets: introspected,
  },
];

/** Measures a scenario beside bare `node:http` with the same answer, and oidc-provider's introspection. */
export async function tokenInfo(
  bench: Bench,
  oidcProvider: Contender,
  scenario: TokenInfoScenario,
): Promise<Findings> {
  const { name, request, refused = 0, targets } = scenario;
  const tokens = bench.tokens[scenario.tokens];
  const asked = { request, tokens, refused };
  const { server, answer } = await imitate(bench, written(request, tokens.samples[0]));
  const bare = { ...asked, who: 'node:http', server, refused: answer.status === 401 ? 1 : 0 };
  const nest = scenario.nest ? [{ ...asked, who: 'Nest', server: await bench.servers.nest(answer) }] : [];
  const findings = await throughput(bench, name, { ...asked, who: 'symbolon', server: bench.symbolon }, [
    { ...bare, target: targets?.bare },
    ...nest,
    { ...oidcProvider, target: targets?.oidcProvider },
  ]);
  for (const reference of [bare, ...nest]) await reference.server.end();
  return findings;
}
