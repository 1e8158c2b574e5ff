import { Clock } from '../domain/clock.js';
import { NodeRoster, type NodeReport } from '../domain/roster.js';
import { type TrafficQuery, TrafficStore } from '../domain/traffic.js';
import { commandConfig, inDatabase } from './application.js';
import type { Traffic } from './traffic.presenter.js';

/** Reads the traffic as it is now. */
export type ReadTraffic = () => Promise<Traffic>;

/**
 * Opens the database that the environment names, and does work that reads traffic from it.
 * @throws CommandError
 */
export async function withTraffic(
  asked: Omit<TrafficQuery, 'now' | 'within'>,
  work: (read: ReadTraffic) => Promise<void>,
): Promise<void> {
  await inDatabase(commandConfig(), async (context) => {
    const store = context.get(TrafficStore);
    const clock = context.get(Clock);
    await work(async () => {
      const query = { ...asked, within: '/', now: clock.now() };
      const groups = await store.busiest(query);
      const [total] = await store.busiest({ ...query, by: [] });
      return { groups, total };
    });
  });
}

/**
 * The nodes on the database that the environment names, and the time that they are listed at.
 * @throws CommandError
 */
export function listNodes(): Promise<{ readonly nodes: readonly NodeReport[]; readonly now: number }> {
  return inDatabase(commandConfig(), async (context) => {
    const now = context.get(Clock).now();
    return { nodes: await context.get(NodeRoster).list(now), now };
  });
}
