import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { checkOut, commitOf, removeCheckout } from './against/checkout.js';
import { compareCommits, type Opponent } from './against/comparison.js';
import type { Bench } from './bench.js';
import { divideCores } from './cores.js';
import { writeResults } from './docs-page.js';
import { type Options, readOptions } from './options.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { type Database, startPostgres } from './postgres.js';
import { Processes } from './processes.js';
import { missingPrograms } from './programs.js';
import { progress } from './progress.js';
import { block, type Circumstances, heading } from './report.js';
import { type Group, scenarioGroups, selected } from './scenarios/all.js';
import { seed } from './seed.js';
import { Servers } from './servers.js';
import { configuration } from './subjects.js';

/** Measures everything, prints the table and writes the JSON. All processes have ended when this resolves. */
async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  const groups = selected(scenarioGroups(options.scale), options);
  const commit = options.against === undefined ? undefined : commitOf(options.against);
  const missing = missingPrograms();
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  const processes = new Processes();
  // In /tmp whatever TMPDIR says: a socket's path must be short, and PostgreSQL's user must reach it.
  const folder = mkdtempSync('/tmp/symbolon-bench-');
  chmodSync(folder, 0o711);
  progress(`working in ${folder}`);
  try {
    const work = run({ ...options, commit }, groups, processes, folder);
    return await Promise.race([work, interruption(options.scale.limit)]);
  } finally {
    await processes.endAll();
    if (commit !== undefined) removeCheckout(join(folder, 'against'));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns whether no scenario failed and, unless it is a smoke run, every target was met */
async function run(
  options: Options & { readonly commit?: string },
  groups: readonly Group[],
  processes: Processes,
  folder: string,
): Promise<boolean> {
  const { node, scale, smoke } = options;
  const [loadBefore] = loadavg();
  const cores = divideCores();
  const postgres = await startPostgres(processes, join(folder, 'postgres'));
  const circumstances = { ...(await circumstancesOf(options, postgres)), cores, loadBefore };
  const configurationFile = join(folder, 'symbolon.yaml');
  writeFileSync(configurationFile, configuration);
  const servers = new Servers(processes, node, folder, configurationFile, cores);
  const checkout = join(folder, 'against');
  if (options.commit !== undefined) await checkOut(processes, options.commit, checkout);
  const root = options.commit === undefined ? undefined : checkout;
  const databases = await provisionedDatabases(postgres, servers, root);
  progress(`making ${scale.rows} tokens`);
  const tokens = await seed(databases.many, databases.few, folder, scale);
  progress('made');
  const opponent =
    root === undefined ? undefined : await opponentOf(options, root, postgres, databases, servers);
  const symbolon = await servers.symbolon(databases.many);
  const oidcProvider = await servers.oidcProvider();
  const bench = { scale, processes, servers, databases, tokens, symbolon, oidcProvider, folder };
  const outcomes: Outcome[] = [];
  const save = (complete: boolean) => {
    const results = { ...circumstances, complete, scale, outcomes };
    writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  };
  let report = '';
  const print = (text: string) => {
    report += text;
    process.stdout.write(text);
  };
  print(heading(circumstances));
  for await (const outcome of measured(groups, bench, opponent)) {
    outcomes.push(outcome);
    print(block(outcome));
    save(false);
  }
  save(true);
  if (options.docs) writeResults('docs/benchmarks.md', report, circumstances.when);
  const succeeded = outcomes.every(({ failure }) => failure === undefined);
  return succeeded && (smoke || outcomes.every(({ figures }) => figures.every(({ met }) => met !== false)));
}

/** Two databases with the same subjects and token keys, and no tokens. */
async function provisionedDatabases(
  postgres: Database,
  servers: Servers,
  root?: string,
): Promise<Bench['databases']> {
  const template = await postgres.create('provisioned');
  // The start of a server migrates it and applies the configuration.
  const server = await (root === undefined ? servers.symbolon(template) : servers.symbolonOf(root, template));
  await server.end();
  await template.close();
  return {
    many: await postgres.create('many', 'provisioned'),
    few: await postgres.create('few', 'provisioned'),
  };
}

/** Another commit's server, on a copy of the large database: each server migrates its own. */
async function opponentOf(
  { against = '' }: Options,
  root: string,
  postgres: Database,
  { many }: Bench['databases'],
  servers: Servers,
): Promise<Opponent> {
  const copy = await postgres.copy(many, 'against');
  return { revision: against, server: await servers.symbolonOf(root, copy) };
}

/** Runs the scenarios one after the other. */
async function* measured(
  groups: readonly Group[],
  bench: Bench,
  opponent?: Opponent,
): AsyncGenerator<Outcome> {
  for (const { scenarios, end } of groups) {
    for (const scenario of scenarios) {
      const work = opponent ? compareCommits(bench, opponent, scenario) : scenario.measure(bench);
      yield outcomeOf(scenario.name, work);
    }
    await end?.(bench);
  }
}

async function circumstancesOf(
  { node, smoke }: Options,
  postgres: Database,
): Promise<Omit<Circumstances, 'cores' | 'loadBefore'>> {
  const show = async (setting: string) => {
    const [row] = await postgres.query<Record<string, string>>(`SHOW ${setting}`);
    return Object.values(row)[0];
  };
  return {
    when: new Date().toISOString(),
    smoke,
    node: execFileSync(node, ['--print', 'process.version'], { encoding: 'utf8' }).trim(),
    postgres: await show('server_version'),
    synchronousCommit: await show('synchronous_commit'),
    cpu: cpus()[0].model,
  };
}

/** Rejects when the run takes longer than `limit` seconds, or when a signal stops it. */
function interruption(limit: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`not done after ${limit} s`)), limit * 1000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
    }
  });
}

main().then(
  (met) => process.exit(met ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);
