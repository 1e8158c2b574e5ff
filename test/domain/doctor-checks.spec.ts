import { schemaSteps } from '../../migrations/cassandra/index.js';
import { adminListenerCheck, demoCheck } from '../../src/domain/doctor/exposure.check.js';
import { lengthOf } from '../../src/domain/doctor/check.js';
import type { CqlStatement } from '../../src/storage/cassandra/session.js';
import { clusterCheck } from '../../src/storage/cassandra/cluster.check.js';

it.each([
  ['off', 'ok'],
  ['local', 'ok'],
  ['tls', 'ok'],
  ['clear', 'warn'],
] as const)('an operator’s listener: %s is %s', async (admin, status) => {
  const found = await adminListenerCheck({ admin, demo: 'off' }).run();
  expect([found.status, found.advice === undefined]).toEqual([status, status === 'ok']);
});

it.each([
  ['off', 'ok'],
  ['local', 'warn'],
  ['open', 'fail'],
] as const)('a demo: %s is %s', async (demo, status) => {
  const found = await demoCheck({ admin: 'off', demo }).run();
  expect([found.status, found.advice === undefined]).toEqual([status, status === 'ok']);
});

describe('a cluster of Cassandra', () => {
  /** One that has taken these steps of the schema. */
  const cluster = (steps: readonly string[]) => ({
    read: async <Row>([{ name }]: readonly [CqlStatement, readonly unknown[]]) =>
      (name === 'read_version'
        ? [{ release_version: '5.0.2' }]
        : steps.map((step) => ({ name: step }))) as Row[],
  });
  const all = schemaSteps.map(({ name }) => name);

  it('with the schema of this version is ok', async () => {
    expect(await clusterCheck(cluster([...all, 'of-a-later-version'])).run()).toEqual({
      status: 'ok',
      found: 'a quorum answers, Cassandra 5.0.2, with the schema of this version',
    });
  });

  it('without one of its steps is not', async () => {
    expect(await clusterCheck(cluster(all.slice(1))).run()).toMatchObject({
      status: 'warn',
      found: `a quorum answers, Cassandra 5.0.2; steps of the schema are pending: ${all[0]}`,
    });
  });
});

it.each([
  [1_999, '1 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
])('%d ms are %s', (milliseconds, text) => {
  expect(lengthOf(milliseconds)).toBe(text);
});
