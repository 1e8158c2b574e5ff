import type { Act, CassandraSession } from '../../src/storage/cassandra/session.js';

/** What a caller gets of a server that was killed. */
export class Killed extends Error {}

/**
 * The session of a server that is killed just before it runs a statement: from then on it runs nothing any more. Who
 * waits for it learns of it once the statements under way have ended, so that what they stored can be told.
 * @param statement its name
 * @param after how often it is run before
 */
export function killedBefore(session: CassandraSession, statement: string, after = 0): CassandraSession {
  let left = after;
  let isKilled = false;
  const underWay = new Set<Promise<unknown>>();
  const run = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    if (name === statement) {
      if (left === 0) isKilled = true;
      left -= 1;
    }
    if (isKilled) {
      await Promise.allSettled(underWay);
      throw new Killed();
    }
    const result = work();
    underWay.add(result);
    return result.finally(() => underWay.delete(result));
  };
  const killed = Object.create(session) as CassandraSession;
  killed.read = <Row>(act: Act) => run(act[0].name, () => session.read<Row>(act));
  killed.write = (act) => run(act[0].name, () => session.write(act));
  killed.writeTogether = (name, acts) => run(name, () => session.writeTogether(name, acts));
  killed.decide = <Row>(name: string, acts: readonly Act[], deadline: Parameters<typeof session.decide>[2]) =>
    run(name, () => session.decide<Row>(name, acts, deadline));
  killed.readDecided = <Row>(act: Act, deadline: Parameters<typeof session.readDecided>[1]) =>
    run(act[0].name, () => session.readDecided<Row>(act, deadline));
  return killed;
}
