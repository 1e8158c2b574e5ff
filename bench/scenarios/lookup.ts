import type { Bench } from '../bench.js';
import { Connection } from '../connection.js';
import { range, median } from '../numbers.js';
import { compared, type Findings } from '../outcome.js';
import { forgeRockGet, written } from '../request.js';
import { type TokenFile, readTokens } from '../tokens.js';

/** Measures a lookup among many rows, and among few: each token once, one at a time. */
export async function lookup({ scale, servers, databases, tokens }: Bench): Promise<Findings> {
  const { rows, fewRows, rounds, lookups, firstLookups } = scale;
  const pair = [await servers.symbolon(databases.many), await servers.symbolon(databases.few)];
  const count = firstLookups + rounds * lookups;
  const values = [rows, fewRows].map((among) => evenlySpread(tokens.live, among, count));
  const connections = await Promise.all(pair.map(({ port }) => Connection.open(port)));
  /** The median lookup of each server, in milliseconds. They take turns, so a disturbance affects both. */
  const measure = async (from: number, to: number) => {
    const times: number[][] = [[], []];
    for (let number = from; number < to; number++) {
      for (const side of [0, 1]) {
        times[side].push(await timed(connections[side], values[side][number]));
      }
    }
    return times.map(median);
  };
  await measure(0, firstLookups);
  const medians: number[][] = [];
  for (const round of range(rounds)) {
    const from = firstLookups + round * lookups;
    medians.push(await measure(from, from + lookups));
  }
  for (const server of pair) await server.end();
  const [many, few] = [0, 1].map((side) => medians.map((both) => both[side]));
  const ours = { who: `${rows.toLocaleString('en')} rows`, rounds: many };
  const others = [{ who: `${fewRows.toLocaleString('en')} rows`, rounds: few, target: { atMost: 1.3 } }];
  return { figures: compared('ms', ours, others) };
}

/** @param among how many tokens of the file, from its start, to choose from */
function evenlySpread(file: TokenFile, among: number, count: number): string[] {
  const step = Math.floor(among / count);
  return readTokens(
    file,
    range(count).map((index) => index * step),
  );
}

async function timed(connection: Connection, token: string): Promise<number> {
  const started = performance.now();
  await connection.insist(written(forgeRockGet, token));
  return performance.now() - started;
}
