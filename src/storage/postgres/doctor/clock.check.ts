import type { Clock } from '../../../domain/clock.js';
import { type Check, fail, notApplicable, ok, warn } from '../../../domain/doctor/check.js';
import type { Database } from '../database.js';
import type { Statement } from '../statement.js';
import { milliseconds } from '../table.js';

/** From which difference on a clock is wrong, in milliseconds. */
const warnMs = 500;
const failMs = 2_000;

const readClock: Statement = {
  name: 'read_clock',
  text: `SELECT ${milliseconds('clock_timestamp()')} AS now`,
};

/** Whether this machine and that of the database agree on the time. Nodes that disagree let tokens expire early or late. */
export function clockCheck(database: Database, clock: Clock): Check {
  return {
    name: 'clock',
    async run() {
      if (!database.dataSource.hasSessions)
        return notApplicable('the embedded database has the clock of its server');
      const before = clock.now();
      const [{ now }] = await database.read<{ readonly now: string }>(readClock, []);
      // The database read its clock at some moment between ours.
      const after = clock.now();
      const difference = Math.max(before - Number(now), Number(now) - after, 0);
      const found = `the clocks of this machine and of the database differ by ${(difference / 1000).toFixed(1)} s`;
      const advice = 'have both machines synchronise their clocks (NTP)';
      if (difference > failMs) return fail(found, advice);
      return difference > warnMs ? warn(found, advice) : ok(found);
    },
  };
}
