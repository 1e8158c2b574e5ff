import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { range } from '../numbers.js';
import { compared, type Findings } from '../outcome.js';
import type { Server } from '../servers.js';

/** How long a start takes until the server listens: on an embedded database that is there already, and on PostgreSQL. */
export async function start({ scale, servers, databases, folder }: Bench): Promise<Findings> {
  const data = mkdtempSync(join(folder, 'data-'));
  await (await servers.embedded(data)).end();
  const embedded = await timed(scale.starts, () => servers.embedded(data));
  const postgres = await timed(scale.starts, () => servers.unpinned(databases.few));
  return {
    figures: [
      ...compared('ms', { who: 'embedded', rounds: embedded, target: { atMost: 1_200 } }, []),
      ...compared('ms', { who: 'with PostgreSQL', rounds: postgres, target: { atMost: 700 } }, []),
    ],
    note: 'until the server listens; on both cores',
  };
}

/** What some starts took, one after the other, in milliseconds. */
async function timed(count: number, begin: () => Promise<Server>): Promise<number[]> {
  const times: number[] = [];
  for (const round of range(count)) {
    const from = performance.now();
    const server = await begin();
    times[round] = performance.now() - from;
    await server.end();
  }
  return times;
}
