import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './database.js';
import { freePort } from './free-port.js';

/** The folder of the rules and of Prometheus' configuration. */
export const rulesFolder = fileURLToPath(new URL('../../ops/prometheus/', import.meta.url));

/** Whether Debian's package `prometheus`, or the programs from elsewhere, are installed. */
export const hasPrometheus = ['prometheus', 'promtool'].every(
  (program) => spawnSync(program, ['--version']).status === 0,
);
if (!hasPrometheus) {
  process.stderr.write(
    'SKIPPED: prometheus and promtool are not installed; dashboard and alerts are not tested\n',
  );
}

/** Runs promtool among the rules, and returns its status and everything it wrote. */
export function promtool(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: rulesFolder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Tells when a server has been scraped. */
export class Scrapes {
  private requests = 0;

  /** @param server gets no requests but scrapes */
  constructor(private readonly server: Server) {
    server.on('request', () => (this.requests += 1));
  }

  /** Host and port of the server. */
  get target(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when what the page shows now is stored. */
  async stored(): Promise<void> {
    // One may be under way, the next one shows what is now, and the one after it begins when that is stored.
    const wanted = this.requests + 3;
    while (this.requests < wanted) await once(this.server, 'request');
  }
}

/** A series of a query's result, or a rule. */
export type Answered = Readonly<Record<string, unknown>>;

/** A Prometheus of its own, which scrapes all the time, and evaluates the rules of `ops/`. */
export class Prometheus {
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {
    this.ended = once(child, 'close');
  }

  /** @param target host and port of the page */
  static async start(target: string): Promise<Prometheus> {
    const folder = await temporaryFolder();
    const configuration = {
      // A scrape that takes longer makes all series stale: it has time enough on a busy machine.
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [join(rulesFolder, 'alerts.yml')],
      scrape_configs: [{ job_name: 'symbolon', static_configs: [{ targets: [target] }] }],
    };
    const file = join(folder, 'prometheus.yml');
    await writeFile(file, JSON.stringify(configuration)); // JSON is YAML.
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const prometheus = new Prometheus(child, `http://${address}`);
    await prometheus.ready();
    return prometheus;
  }

  /** The series of an instant query. It throws for a query that Prometheus refuses. */
  async query(expression: string): Promise<Answered[]> {
    const form = new URLSearchParams({ query: expression });
    return (await this.get<{ result: Answered[] }>('query', form)).result;
  }

  /** The values of a label, of the series that a selector matches. */
  labelValues(label: string, selector: string): Promise<string[]> {
    return this.get(`label/${label}/values`, new URLSearchParams({ 'match[]': selector }));
  }

  /** The alerting rules with their health, as soon as all have been evaluated. */
  async rules(): Promise<Answered[]> {
    for (;;) {
      const { groups } = await this.get<{ groups: { rules: Answered[] }[] }>('rules', new URLSearchParams());
      const rules = groups.flatMap((group) => group.rules);
      if (rules.every(({ health }) => health !== 'unknown')) return rules;
    }
  }

  /** Kills it, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Resolves when it answers. Its log is read to its end, or it would wait for a reader. */
  private async ready(): Promise<void> {
    let log = '';
    const isReady = new Promise<void>((resolve) => {
      this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        if (log.includes('Server is ready')) resolve();
      });
    });
    const failed = this.ended.then(() => Promise.reject(new Error(`Prometheus has ended: ${log}`)));
    await Promise.race([isReady, failed]);
    failed.catch(() => {}); // From now on `stop` ends it.
  }

  private async get<Data>(path: string, parameters: URLSearchParams): Promise<Data> {
    const answer = await fetch(`${this.url}/api/v1/${path}?${parameters.toString()}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: Data; error?: string };
    if (status !== 'success') throw new Error(`Prometheus refuses ${parameters.toString()}: ${error}`);
    return data;
  }
}
