import type { Bench } from '../bench.js';
import { imitate } from '../imitation.js';
import type { Findings, Target } from '../outcome.js';
import { axwayGet, forgeRockGet, formPost, type Request, written } from '../request.js';
import type { TokenFile } from '../tokens.js';
import { type Contender, throughput } from './throughput.js';

/** A tokeninfo request to measure. */
export interface TokenInfoScenario {
  readonly name: string;
  readonly request: Request;
  readonly tokens: TokenFile;
  /** The share of the tokens that must be refused; 0 when left out. */
  readonly refused?: number;
  /** Targets of our figure divided by bare `node:http`'s, and by that of oidc-provider's introspection. */
  readonly targets?: { readonly bare: Target; readonly oidcProvider: Target };
  /** Whether Nest is measured, too. */
  readonly nest?: boolean;
}

const cached = { bare: { atLeast: 0.6 }, oidcProvider: { atLeast: 6 } };
const uncached = { bare: { atLeast: 0.3 }, oidcProvider: { atLeast: 3 } };

/** The name of the scenario whose rate counts as our peak. */
export const peakScenario = 'tokeninfo (ForgeRock, GET), cached';

/** Every scenario of tokeninfo. */
export function tokenInfoScenarios({ tokens }: Bench): TokenInfoScenario[] {
  const { live, workingSet, mix, forged } = tokens;
  const axwayPost = formPost('/api/oauth/tokeninfo', 'access_token=', live.samples[0].length);
  return [
    { name: peakScenario, request: forgeRockGet, tokens: workingSet, targets: cached, nest: true },
    { name: 'tokeninfo (Axway, GET), cached', request: axwayGet, tokens: workingSet, targets: cached },
    { name: 'tokeninfo (Axway, POST), cached', request: axwayPost, tokens: workingSet, targets: cached },
    { name: 'tokeninfo, every tenth refused', request: forgeRockGet, tokens: mix, refused: 0.1 },
    { name: 'tokeninfo, forged', request: forgeRockGet, tokens: forged, refused: 1, targets: cached },
    { name: 'tokeninfo, not cached', request: forgeRockGet, tokens: live, targets: uncached },
  ];
}

/** Measures a scenario beside bare `node:http` with the same answer, and oidc-provider's introspection. */
export async function tokenInfo(
  bench: Bench,
  introspection: Contender,
  scenario: TokenInfoScenario,
): Promise<Findings> {
  const { name, request, tokens, refused = 0, targets } = scenario;
  const asked = { request, tokens, refused };
  const { server, answer } = await imitate(bench, written(request, tokens.samples[0]));
  const bare = { ...asked, who: 'node:http', server, refused: answer.status === 401 ? 1 : 0 };
  const nest = scenario.nest ? [{ ...asked, who: 'Nest', server: await bench.servers.nest(answer) }] : [];
  const findings = await throughput(bench, name, { ...asked, who: 'symbolon', server: bench.symbolon }, [
    { ...bare, target: targets?.bare },
    ...nest,
    { ...introspection, target: targets?.oidcProvider },
  ]);
  for (const reference of [bare, ...nest]) await reference.server.end();
  return findings;
}
