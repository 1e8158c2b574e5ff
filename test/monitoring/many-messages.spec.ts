import { DataSource } from 'typeorm';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TrafficCounter } from '../../src/monitoring/traffic-counter.js';
import { ServerCounters } from '../../src/observability/counters.js';
import { TestApp } from '../support/app.js';
import { Conversation } from '../support/conversation.js';
import { createDatabase } from '../support/database.js';
import { ask } from '../support/exchange.js';
import { axwayPath, forgeRockPath, storeToken, twoRealms } from '../support/tokeninfo.js';
import { startBehindWire } from '../support/app-behind-wire.js';
import { storedTraffic } from './stored.js';
import { beyond, total } from './traffic.js';

/** Sends this many requests over one connection; each names another client. */
async function askOften(app: TestApp, count: number): Promise<void> {
  const requests = Array.from({ length: count }, (_, index) => {
    const close = index === count - 1 ? 'Connection: close\r\n' : '';
    const head = `GET ${axwayPath}?access_token=of-ann HTTP/1.1\r\nHost: x\r\nX-App: client-${index}\r\n`;
    return Buffer.from(`${head}${close}\r\n`);
  });
  const conversation = await Conversation.begin(app, { requests, pieces: 20, truncated: false });
  expect((await conversation.finish()).match(/HTTP\/1\.1 200/g)).toHaveLength(count);
}

it('two nodes with 1,000 messages each have 2,000', async () => {
  const database = await createDatabase();
  const nodes: TestApp[] = [];
  try {
    for (let node = 0; node < 2; node += 1) {
      nodes.push(await TestApp.start({ configuration: twoRealms, settings: database.settings }));
    }
    // As in an import, every node must know of tokens of another form.
    await storeToken(nodes[0], 'of-ann');
    await nodes[1].nest.get(TokenCodec).reload();
    await Promise.all(nodes.map((node) => askOften(node, 1000)));
    await Promise.all(nodes.map((node) => node.flushMonitoring()));
    expect(await storedTraffic(nodes[1])).toMatchObject([{ client: 'ann', messages: 2000, successes: 2000 }]);
  } finally {
    for (const node of nodes) await node.stop();
    await database.drop();
  }
});

it('5,000 clients keep the limit of 100 rows in memory and in each bucket, and no message is lost', async () => {
  const settings = { MONITORING_ROWS: '100', MONITORING_CLIENT: 'http.headers["X-App"]' };
  const app = await TestApp.start({ configuration: twoRealms, settings });
  try {
    await storeToken(app, 'of-ann');
    const counter = app.nest.get(TrafficCounter);
    await askOften(app, 5000);
    await ask(app, { method: 'GET', path: forgeRockPath });
    const rows = counter.take();
    expect(rows.length).toBeLessThanOrEqual(100);
    expect(total(rows)).toBe(5001);
    expect(beyond(rows).map(({ service, realm, client }) => [service, realm, client])).toEqual([
      [axwayPath, '*', '*'],
      [forgeRockPath, '*', '*'],
    ]);
    await askOften(app, 2000);
    await app.flushMonitoring();
    await askOften(app, 3000);
    expect(await storedTraffic(app, { by: [] })).toMatchObject([{ messages: 5000 }]);
    const buckets: { rows: number }[] = await app.nest
      .get(DataSource)
      .query('SELECT count(*)::int AS rows FROM traffic GROUP BY resolution, bucket');
    expect(buckets).toHaveLength(4);
    for (const bucket of buckets) expect(bucket.rows).toBeLessThanOrEqual(100);
  } finally {
    await app.stop();
  }
});

describe('while the database is away', () => {
  it.each([
    ['for a minute, nothing is lost', 1],
    ['for 11 minutes, what was dropped is counted', 11],
  ])('%s', async (_, minutes) => {
    const behindWire = await startBehindWire({ configuration: twoRealms });
    const { app, database } = behindWire;
    try {
      await storeToken(app, 'of-ann');
      await database.refuse();
      let sent = 0;
      for (let flush = 0; flush < minutes * 6; flush += 1, sent += 1) {
        await ask(app, { method: 'GET', path: `${axwayPath}?access_token=of-ann` });
        app.clock.advance(10_000);
        await app.flushMonitoring();
      }
      await database.restore();
      const [{ messages }] = await storedTraffic(app, { by: [], window: '1h' });
      const { monitoringDropped } = app.nest.get(ServerCounters);
      expect(messages + monitoringDropped).toBe(sent);
      if (minutes === 1) expect(monitoringDropped).toBe(0);
      else expect(monitoringDropped).toBeGreaterThan(0);
      const logged = app.logged.map((line) => (JSON.parse(line) as { msg: string }).msg);
      expect(logged.filter((msg) => msg === 'monitoring is stored again')).toHaveLength(1);
    } finally {
      await behindWire.stop();
    }
  });
});
