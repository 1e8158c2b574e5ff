import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../../bench/outcome.js';
import { missingForCassandra } from '../../bench/cassandra/cluster.js';
import { missingPrograms } from '../../bench/programs.js';
import { temporaryFolder } from '../support/database.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const missing = missingPrograms();
const hasCassandra = missingForCassandra().length === 0;
/** A cluster takes longer than all else together, so it is measured where the tests of Cassandra run. */
const measuresCassandra = hasCassandra && process.env.TEST_CASSANDRA !== undefined;
const why = missing.length > 0 ? ` (skipped: this machine lacks ${missing.join(' and ')})` : '';

/** A smoke run of the bench, in a process session of its own. */
class SmokeRun {
  output = '';
  /** Exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  private readonly child: ChildProcess;

  constructor(
    readonly json: string,
    options: readonly string[],
  ) {
    const args = ['bench/build/main.js', '--smoke', '--json', json, ...options];
    this.child = spawn(process.execPath, args, { cwd: repository, detached: true, stdio: 'pipe' });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = once(this.child, 'close').then(([status, signal]) => signal ?? status);
  }

  /**
   * Resolves when its output contains these words.
   * @throws when it ends first
   */
  async says(words: string): Promise<void> {
    while (!this.output.includes(words)) {
      await Promise.race([once(this.child.stderr!, 'data'), this.ended]);
      if (this.child.exitCode !== null) throw new Error(`ended without "${words}": ${this.output}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The folder that it works in; a folder that does not exist until its output names it. */
  get folder(): string {
    return /working in (\S+)/.exec(this.output)?.[1] ?? '/none';
  }

  /**
   * The processes that it started and that still run. PostgreSQL's leave the session, but keep working in the
   * folder.
   */
  get remains(): string[] {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return processes.filter((pid) => {
      try {
        const [state, , , session] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
        if (state === 'Z') return false;
        const ours = session === String(this.child.pid);
        return ours || readlinkSync(`/proc/${pid}/cwd`).startsWith(`${this.folder}/`);
      } catch {
        return false; // The process has ended meanwhile.
      }
    });
  }
}

/** The scenarios of Cassandra, with figures unless Java is missing. */
function besideCassandra(): [string, string[]][] {
  const scenario = (what: string, figures: string[]): [string, string[]] => [
    `Cassandra, 1 node: ${what}`,
    hasCassandra ? figures : [],
  ];
  const stores = ['', 'server: ', 'store: '].flatMap((part) => [`${part}Cassandra`, `${part}PostgreSQL`]);
  return [
    scenario('disk of a token', [
      ...['access token', '  in PostgreSQL', '  in memory'],
      ...['refresh token', '  in PostgreSQL', '  in memory'],
    ]),
    ...['tokeninfo, not cached', 'client credentials', 'refresh'].map((what) => scenario(what, stores)),
  ];
}

(missing.length > 0 ? describe.skip : describe)(`a smoke run of the bench${why}`, () => {
  let run: SmokeRun;

  async function start(...options: string[]): Promise<void> {
    run = new SmokeRun(join(await temporaryFolder(), 'results.json'), options);
  }

  afterEach(async () => {
    run.kill('SIGKILL');
    await run.ended;
    for (const pid of run.remains) process.kill(Number(pid), 'SIGKILL');
    await rm(run.folder, { recursive: true, force: true });
  });

  it('reports every figure of every scenario, and leaves no process and no folder behind', async () => {
    const left = hasCassandra && !measuresCassandra;
    await start(...(left ? ['--without', 'Cassandra'] : []));
    expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('A smoke run')]);
    const { outcomes } = JSON.parse(readFileSync(run.json, 'utf8')) as { outcomes: Outcome[] };
    // Whether anything is refused in such a short time is left open.
    const measured = outcomes.map(({ scenario, figures }) => [
      scenario,
      figures.map(({ who }) => who).filter((who) => who !== 'refusals, p99'),
    ]);
    expect(measured).toEqual([
      ['tokeninfo (ForgeRock, GET), cached', ['symbolon', 'node:http', 'Nest', 'oidc-provider']],
      ['tokeninfo (Axway, GET), cached', ['symbolon', 'node:http', 'oidc-provider']],
      ['tokeninfo (Axway, POST), cached', ['symbolon', 'node:http', 'oidc-provider']],
      ['tokeninfo, every tenth refused', ['symbolon', 'node:http', 'oidc-provider']],
      ['tokeninfo, forged', ['symbolon', 'node:http', 'oidc-provider']],
      ['tokeninfo, not cached', ['symbolon', 'node:http', 'oidc-provider']],
      ['introspection (RFC 7662), cached', ['symbolon', 'node:http', 'oidc-provider']],
      ['p99 at half of peak, cached', ['symbolon', 'node:http']],
      ['p99 at half of peak, not cached', ['symbolon', 'node:http']],
      ['client credentials', ['symbolon', 'oidc-provider']],
      ['refresh, beside client credentials', ['symbolon', 'client credentials']],
      ['counted tokeninfo, cached', ['symbolon', 'MONITORING=off']],
      ['counted client credentials', ['symbolon', 'MONITORING=off']],
      ['counting', ['a request']],
      ['p50 of a lookup, not cached', ['10,000 rows', '1,000 rows']],
      ['heap for cached tokens', ['1,000 tokens']],
      ['start', ['embedded', 'with PostgreSQL']],
      [
        'admin: lists and searches',
        [
          ...['list of clients', 'list of users', 'list of realms', 'users by prefix', 'search everywhere'],
          ...["a user's tokens", 'last pages of users', 'tokeninfo, p99', '  without operator', 'start'],
        ],
      ],
      ['overload: client credentials', ['at 3 times', 'at its peak', 'memory, more', 'until normal']],
      ['overload: tokeninfo, not cached', ['at 3 times', 'at its peak', 'memory, more', 'until normal']],
      ['overload: passwords', ['at 3 times', 'at its peak', 'memory, more', 'until normal']],
      ['overload: tokeninfo, cached', ['at 3 times', 'at its peak']],
      ['overload: wrong passwords', ['tokeninfo, p99', 'right password', '  when quiet']],
      ...(left ? [] : besideCassandra()),
    ]);
    for (const { scenario, figures } of outcomes) {
      expect(run.output).toContain(scenario);
      expect(figures.map(({ median }) => median)).toEqual(figures.map(() => expect.any(Number)));
    }
    expect([run.remains, existsSync(run.folder)]).toEqual([[], false]);
    expect(run.output.includes('LEFT OUT: missing')).toBe(!hasCassandra);
  }, 300_000);

  it('measures with --only the scenarios that have the text in their names, and no others', async () => {
    await start('--only', 'counting');
    expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('A smoke run')]);
    const { outcomes } = JSON.parse(readFileSync(run.json, 'utf8')) as { outcomes: Outcome[] };
    expect(outcomes.map(({ scenario }) => scenario)).toEqual(['counting']);
  });

  it('names the scenarios where none has the text of --only', async () => {
    await start('--only', 'nothing of the kind');
    expect([await run.ended, run.output]).toEqual([2, expect.stringContaining('tokeninfo, not cached')]);
  });

  it('compares the servers of two commits, and leaves no work tree behind', async () => {
    await start('--only', 'tokeninfo (Axway, GET), cached', '--against', 'HEAD');
    expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('cpu of a request')]);
    const { outcomes } = JSON.parse(readFileSync(run.json, 'utf8')) as { outcomes: Outcome[] };
    const names = outcomes.flatMap(({ figures }) => figures.map(({ who }) => who));
    expect(names).toEqual(['this commit', 'HEAD', 'cpu: this commit', 'cpu: HEAD']);
    const trees = execFileSync('git', ['worktree', 'list'], { cwd: repository, encoding: 'utf8' });
    expect([run.remains, existsSync(run.folder), trees.includes(run.folder)]).toEqual([[], false, false]);
  }, 180_000);

  it('names a revision that is none', async () => {
    await start('--against', 'nothing-of-the-kind');
    expect([await run.ended, run.output]).toEqual([2, expect.stringContaining('names no commit')]);
  });

  (measuresCassandra ? it : it.skip)(
    'leaves no node of a cluster running when it is killed',
    async () => {
      await start('--only', '1 node: refresh');
      await run.says('making its tokens');
      const before = run.remains.length;
      run.kill('SIGKILL');
      await run.ended;
      for (let looks = 0; run.remains.length > 0 && looks < 1500; looks++) await delay(20);
      expect([before > 3, run.remains]).toEqual([true, []]);
    },
    120_000,
  );

  it('ends the processes that it started on SIGTERM', async () => {
    await start();
    await run.says('making');
    expect(run.remains.length).toBeGreaterThan(1);
    run.kill('SIGTERM');
    expect([await run.ended, run.output]).toEqual([2, expect.stringContaining('stopped by SIGTERM')]);
    expect([run.remains, existsSync(run.folder)]).toEqual([[], false]);
  });

  it('leaves no process running when it is killed', async () => {
    await start();
    await run.says('making');
    run.kill('SIGKILL');
    await run.ended;
    for (let looks = 0; run.remains.length > 0 && looks < 500; looks++) await delay(20);
    expect(run.remains).toEqual([]);
  });
});
