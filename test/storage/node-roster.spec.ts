import type { Database } from '../../src/storage/postgres/database.js';
import { PostgresNodeRoster } from '../../src/storage/postgres/node-roster.js';
import { aNode } from '../monitoring/node.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

const now = Date.UTC(2026, 0, 2);
const hour = 3_600_000;

let running: RunningDatabase;
let database: Database;
let roster: PostgresNodeRoster;

beforeAll(async () => {
  running = await startDatabase();
  database = await openDatabase(patientOptions(running.connection));
  roster = new PostgresNodeRoster(database);
});
beforeEach(() => database.dataSource.query('TRUNCATE node'));
afterAll(async () => {
  await database.dataSource.destroy();
  await running.stop();
});

it('lists what each node has reported last', async () => {
  const node = aNode();
  await roster.report({ ...node, seen: now - 10_000, hears: false, cacheHits: 1, rss: 2, cpu: 0.5 });
  await roster.report(node);
  expect(await roster.list(now)).toEqual([node]);
});

it('lists nodes by host, process and start', async () => {
  const nodes = [
    aNode({ host: 'a', pid: 2 }),
    aNode({ host: 'a', pid: 10 }),
    aNode({ host: 'b', pid: 1, started: 5 }),
    aNode({ host: 'b', pid: 1, started: 9 }),
  ];
  for (const index of [3, 0, 2, 1]) await roster.report(nodes[index]);
  expect(await roster.list(now)).toEqual(nodes);
});

it('does not list a node that was not seen for an hour', async () => {
  const node = aNode({ seen: now - hour + 1 });
  await roster.report(node);
  await roster.report(aNode({ seen: now - hour }));
  expect(await roster.list(now)).toEqual([node]);
});
