import type { Bench } from '../bench.js';
import type { Options, Scale } from '../options.js';
import type { Findings } from '../outcome.js';
import { admin } from './admin.js';
import { besidePostgres } from './cassandra.js';
import { clientCredentials } from './client-credentials.js';
import { heap } from './heap.js';
import { introspection } from './introspection.js';
import { latency } from './latency.js';
import { lookup } from './lookup.js';
import { countedGrants, countedTokenInfo, counting } from './monitoring.js';
import { overload } from './overload.js';
import { refresh, refreshName } from './refresh.js';
import { start } from './start.js';
import type { Contender, Requests } from './throughput.js';
import {
  cachedScenario,
  tokenInfo,
  type TokenInfoScenario,
  tokenInfoScenarios,
  uncachedScenario,
} from './tokeninfo.js';

/** Something to measure. */
export interface Scenario {
  readonly name: string;
  readonly measure: (bench: Bench) => Promise<Findings>;
  /** What symbolon is asked, where two commits can be compared by that. */
  readonly asked?: (bench: Bench) => Requests | Promise<Requests>;
}

/** Scenarios that are measured one after the other, on the same servers. */
export interface Group {
  readonly scenarios: readonly Scenario[];
  /** Ends those servers. */
  readonly end?: (bench: Bench) => Promise<void>;
}

/** Every scenario, in the order in which they are measured. */
export function scenarioGroups({ clusters }: Scale): Group[] {
  return [
    besideOthers(),
    {
      scenarios: [
        { name: 'p50 of a lookup, not cached', measure: lookup },
        { name: 'heap for cached tokens', measure: heap },
        { name: 'start', measure: start },
        { name: 'admin: lists and searches', measure: admin },
      ],
    },
    overload(),
    ...clusters.map(besidePostgres),
  ];
}

/** The scenarios of the server that runs from the start, and of the other product. */
function besideOthers(): Group {
  let introspected: Promise<Contender> | undefined;
  const peaks = new Map<TokenInfoScenario, number>();
  const measured = async (bench: Bench, scenario: TokenInfoScenario) => {
    const findings = await tokenInfo(bench, await (introspected ??= introspection(bench)), scenario);
    peaks.set(scenario, findings.figures[0].median);
    return findings;
  };
  const peakOf = async (bench: Bench, scenario: TokenInfoScenario) =>
    peaks.get(scenario) ?? (await measured(bench, scenario)).figures[0].median;
  return {
    scenarios: [
      ...tokenInfoScenarios.map((scenario) => ({
        name: scenario.name,
        measure: (bench: Bench) => measured(bench, scenario),
        asked: ({ tokens }: Bench) => ({
          request: scenario.request,
          tokens: tokens[scenario.tokens],
          refused: scenario.refused ?? 0,
        }),
      })),
      {
        name: 'p99 at half of peak, cached',
        measure: async (bench) =>
          latency(bench, {
            ...{ peak: await peakOf(bench, cachedScenario), target: { atMost: 3 } },
            ...{ tokens: bench.tokens.workingSet, from: 0, inTurn: bench.scale.workingSet },
          }),
      },
      {
        name: 'p99 at half of peak, not cached',
        measure: async (bench) =>
          latency(bench, {
            ...{ peak: await peakOf(bench, uncachedScenario), target: { atMost: 10 } },
            // The first ones have been asked for when the peak was measured.
            ...{ tokens: bench.tokens.live, from: Math.floor(bench.tokens.live.count / 2) },
          }),
      },
      { name: 'client credentials', measure: clientCredentials },
      { name: refreshName, measure: refresh },
      { name: 'counted tokeninfo, cached', measure: countedTokenInfo },
      { name: 'counted client credentials', measure: countedGrants },
      { name: 'counting', measure: counting },
    ],
    end: async ({ symbolon, oidcProvider }) => {
      await symbolon.end();
      await oidcProvider.end();
    },
  };
}

/**
 * The scenarios that the options select by their names; all of them where they say nothing.
 * @throws Error when there is none
 */
export function selected(
  groups: readonly Group[],
  { only, without }: Pick<Options, 'only' | 'without'>,
): Group[] {
  const has = (name: string) => (text: string) => name.includes(text);
  const isSelected = ({ name }: Scenario) =>
    (only.length === 0 || only.some(has(name))) && !without.some(has(name));
  const named = groups.map((group) => ({ ...group, scenarios: group.scenarios.filter(isSelected) }));
  if (named.every(({ scenarios }) => scenarios.length === 0)) {
    const names = groups.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
    throw new Error(
      `--only: no scenario has "${only.join('" or "')}" in its name; they are ${names.join(' · ')}`,
    );
  }
  return named;
}
