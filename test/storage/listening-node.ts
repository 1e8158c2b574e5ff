import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../src/domain/change-feed.js';
import { PostgresChangeFeed } from '../../src/storage/postgres/change-feed.js';
import type { Database } from '../../src/storage/postgres/database.js';
import { channel } from '../../src/storage/postgres/notification.js';
import { ListeningWire } from '../support/listening-wire.js';
import { StoppedClock } from '../support/stopped-clock.js';
import { openDatabase, patientOptions, type RunningDatabase, startDatabase } from './running-database.js';

/** What a feed reports: a change, or whether it receives changes. */
type Told = Change | { readonly connected: boolean };

/** The change feed of a node whose clock stands still, and what it has reported. */
export class ListeningNode {
  readonly told: Told[] = [];
  /** How long each heartbeat took, in milliseconds. */
  readonly delays: number[] = [];
  readonly feed: PostgresChangeFeed;
  private readonly changes = new EventEmitter();

  constructor(
    database: Database,
    readonly clock: StoppedClock,
  ) {
    this.feed = new PostgresChangeFeed(database, this.clock, {
      connection: (connected) => this.tell({ connected }),
      heartbeat: (tookMs) => this.delays.push(tookMs),
    });
    this.feed.subscribe((change) => this.tell(change));
  }

  get isCurrent(): boolean {
    return this.feed.isCurrent(this.clock.elapsed());
  }

  /** Resolves when the feed has reported this. */
  async tells(expected: Told): Promise<void> {
    for (;;) {
      const index = this.told.findIndex((told) => isDeepStrictEqual(told, expected));
      if (index >= 0) return;
      await once(this.changes, 'change');
    }
  }

  private tell(told: Told): void {
    this.told.push(told);
    this.changes.emit('change');
  }
}

/** A client with its own connection, which sends notifications and receives all that are sent. */
class Bystander {
  readonly payloads: string[] = [];
  private readonly changes = new EventEmitter();

  private constructor(private readonly client: pg.Client) {
    client.on('notification', ({ payload = '' }) => {
      this.payloads.push(payload);
      this.changes.emit('change');
    });
  }

  static async at(url: string): Promise<Bystander> {
    const client = new pg.Client(url);
    await client.connect();
    const bystander = new Bystander(client);
    await client.query(`LISTEN ${channel}`);
    return bystander;
  }

  async notify(payload: string): Promise<void> {
    await this.client.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  /** Resolves when a heartbeat that was sent at this time has arrived. */
  async seesHeartbeat(sentAt: number): Promise<void> {
    const isSo = (payload: string) => payload.includes(`"sentAt":${sentAt}}`);
    while (!this.payloads.some(isSo)) await once(this.changes, 'change');
  }

  end(): Promise<void> {
    return this.client.end();
  }
}

/** A test's own database, and nodes that reach it through one wire. */
export class ListeningNodes {
  private nodes: ListeningNode[] = [];
  private begun = 0;
  private marks = 0;

  private constructor(
    readonly wire: ListeningWire,
    readonly bystander: Bystander,
    private readonly database: Database,
    private readonly running: RunningDatabase,
  ) {}

  static async open(): Promise<ListeningNodes> {
    const running = await startDatabase();
    const { url } = running.connection as { url: string };
    const wire = await ListeningWire.to(url);
    const database = await openDatabase(patientOptions({ url: wire.url }));
    return new ListeningNodes(wire, await Bystander.at(url), database, running);
  }

  /** A node that begins to listen. */
  start(): ListeningNode {
    // No two nodes' clocks show the same time of day.
    this.begun += 1;
    const node = new ListeningNode(this.database, new StoppedClock(this.begun * 1_000_000));
    this.nodes.push(node);
    node.feed.start();
    return node;
  }

  /** A node whose feed is current, and has reported so. */
  async started(): Promise<ListeningNode> {
    const node = this.start();
    await node.tells({ connected: true });
    node.told.length = 0;
    return node;
  }

  /** Does something while others hold every connection of the pool. */
  async withoutPool(work: () => Promise<void>): Promise<void> {
    const { dataSource } = this.database;
    const runners = Array.from({ length: dataSource.pool.options.max }, () => dataSource.createQueryRunner());
    await Promise.all(runners.map((runner) => runner.connect()));
    await work();
    await Promise.all(runners.map((runner) => runner.release()));
  }

  /** Resolves when a node has received every notification that was sent so far. */
  async inStep(node: ListeningNode): Promise<void> {
    this.marks += 1;
    const mark = { realm: `/mark-${this.marks}` };
    await this.bystander.notify(JSON.stringify(mark));
    await node.tells(mark);
  }

  /** Stops every node, and waits until none listens any more. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ feed }) => feed.stop()));
    this.nodes = [];
    await this.wire.unused();
  }

  async close(): Promise<void> {
    await this.bystander.end();
    await this.database.dataSource.destroy();
    await this.wire.close();
    await this.running.stop();
  }
}
