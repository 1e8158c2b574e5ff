import { client, configuration } from '../support/configuration.js';
import { createDatabase, onServer, type TestDatabase } from '../support/database.js';
import { MetricsText } from '../support/metrics-text.js';
import { fileSettings, ServerProcess } from '../support/server-process.js';

const counted = 'http_server_request_duration_seconds_count';
const tokenInfo = { http_route: '/oauth2/tokeninfo' };
const serving = { state: 'serving' };
const silent = { state: 'silent' };

// More than one worker goes with a database server alone.
(onServer ? describe : describe.skip)('a scrape of three workers', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  const suspended = new Set<number>();

  beforeEach(async () => {
    database = await createDatabase();
    const file = await fileSettings(configuration({ '/': { clients: [client()] } }));
    server = await ServerProcess.start({ ...file, ...database.settings, WORKERS: '3' });
  });
  afterEach(async () => {
    for (const pid of suspended) process.kill(pid, 'SIGKILL');
    suspended.clear();
    await ServerProcess.endAll();
    await database.drop();
  });

  const pids = () => server.recordsOf('worker started').map(({ pid }) => pid as number);

  async function scrape(): Promise<MetricsText> {
    const answer = await fetch(`${server.adminUrl}/metrics`, { headers: { connection: 'close' } });
    expect(answer.status).toBe(200);
    return new MetricsText(await answer.text());
  }

  /** Scrapes until the page shows this. */
  async function scrapeUntil(shows: (page: MetricsText) => boolean): Promise<MetricsText> {
    for (;;) {
      const page = await scrape();
      if (shows(page)) return page;
    }
  }

  /** Sends this many requests, which go to the workers in turn, and waits until all are counted. */
  async function ask(requests: number): Promise<MetricsText> {
    const before = (await scrape()).sum(counted, tokenInfo);
    for (let index = 0; index < requests; index += 1) {
      const answer = await fetch(`${server.url}/oauth2/tokeninfo`, { headers: { connection: 'close' } });
      await answer.text();
    }
    return scrapeUntil((page) => page.sum(counted, tokenInfo) === before + requests);
  }

  function expectNoFall(before: MetricsText, after: MetricsText): void {
    const later = after.rising;
    const fallen = [...before.rising].filter(([series, value]) => !((later.get(series) ?? -1) >= value));
    expect(fallen).toEqual([]);
  }

  it('adds them up, and no counter falls when one is killed, stops, or is suspended', async () => {
    const before = await ask(30);
    expect(before.value('symbolon_workers', serving)).toBe(3);
    expect(before.rising.size).toBeGreaterThan(50);

    const [killed, stopped, sleeping] = pids();
    process.kill(killed, 'SIGKILL');
    await server.logged('worker ended');
    const afterKill = await scrape();
    expectNoFall(before, afterKill);
    expect(afterKill.sum(counted, tokenInfo)).toBe(30);

    await server.logged('worker started', 4);
    const beforeStop = await ask(9);
    process.kill(stopped, 'SIGTERM');
    await server.logged('worker ended', 2);
    const afterStop = await scrape();
    expectNoFall(beforeStop, afterStop);
    expect(afterStop.sum(counted, tokenInfo)).toBe(39);

    await server.logged('worker started', 5);
    const beforeSleep = await scrapeUntil((page) => page.value('symbolon_workers', serving) === 3);
    process.kill(sleeping, 'SIGSTOP');
    suspended.add(sleeping);
    const asleep = await scrape();
    expect(asleep.value('symbolon_workers', serving)).toBe(2);
    expect(asleep.value('symbolon_workers', silent)).toBe(1);
    expectNoFall(beforeSleep, asleep);

    process.kill(sleeping, 'SIGCONT');
    suspended.delete(sleeping);
    const awake = await scrapeUntil((page) => page.value('symbolon_workers', silent) === 0);
    expectNoFall(asleep, awake);
    expect(await server.kill('SIGTERM')).toEqual({ status: 0, signal: null });
    expect(server.stderr).toBe('');
  });

  it('holds what a worker has counted last when it stops by itself', async () => {
    await ask(3);
    const [stopped] = pids();
    // No scrape comes between these requests and the end of the worker.
    for (let index = 0; index < 9; index += 1) {
      await (await fetch(`${server.url}/oauth2/tokeninfo`, { headers: { connection: 'close' } })).text();
    }
    process.kill(stopped, 'SIGTERM');
    await server.logged('worker ended');
    expect((await scrape()).sum(counted, tokenInfo)).toBe(12);
  });
});
