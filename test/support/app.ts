import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Writable } from 'node:stream';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Logger } from 'pino';
import { ServerModule } from '../../src/app/server.module.js';
import { createAdmin } from '../../src/app/admin-listener.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { type AccessToken, hashToken } from '../../src/domain/access-token.js';
import { TokenCodec } from '../../src/domain/token-codec.js';
import { TokenImporter } from '../../src/domain/token-import.js';
import { Clock } from '../../src/domain/clock.js';
import { Directory } from '../../src/domain/directory.js';
import { PasswordHasher } from '../../src/domain/secret.js';
import { HttpAdapter } from '../../src/http/http-adapter.js';
import { SecretUseFlush } from '../../src/jobs/secret-use-flush.js';
import { SecretUseSchedule } from '../../src/jobs/secret-use-schedule.js';
import { MonitoringFlush } from '../../src/monitoring/monitoring-flush.js';
import { MonitoringSchedule } from '../../src/monitoring/monitoring-schedule.js';
import { createLog, NestLog } from '../../src/observability/log.js';
import { type RequestObserver, RequestObservers } from '../../src/observability/request-observer.js';
import { demoConfiguration } from '../../src/provisioning/demo.js';
import { Provisioner } from '../../src/provisioning/apply.js';
import { httpAdapter, nestOptions } from '../../src/app/http-listener.js';
import { joinOrStartEmbedded } from '../../src/storage/embedded/embedded-database.js';
import { AdminTestApp } from './admin.js';
import { createDatabase, withKeyspace } from './database.js';
import { StoppedClock } from './stopped-clock.js';
import { watchAnswers } from './watched-answers.js';

/** Options of a test's application. */
export interface TestAppOptions {
  /** Settings by their environment names. A database named here is used, and is not dropped at the end. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A `symbolon.yaml`; the demo when left out. */
  readonly configuration?: string;
  /** Observes every request instead of the access log. */
  readonly observer?: RequestObserver;
  /** Argon2id when left out. */
  readonly hasher?: PasswordHasher;
  /** Whether its answers are held against the document; not where a test adds routes. Yes when left out. */
  readonly watched?: boolean;
}

/**
 * The whole application, with a stopped clock, listening on loopback. It gets a database of its own unless
 * its settings name one.
 */
export class TestApp {
  private operators?: AdminTestApp;

  private constructor(
    readonly nest: NestExpressApplication,
    readonly clock: StoppedClock,
    /** Every line logged so far. */
    readonly logged: string[],
    private readonly config: Config,
    private readonly log: Logger,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async start(options: TestAppOptions = {}): Promise<TestApp> {
    const { settings = {} } = options;
    const named = 'DATA_DIR' in settings || 'DATABASE_URL' in settings;
    const own = named ? withKeyspace({ settings, drop: async () => {} }) : await createDatabase('schema');
    const config = readConfig({
      CONFIG_FILE: 'test',
      LOG_LEVEL: 'info',
      // Wrong passwords and secrets of many tests come from one address. What limits them has tests of its own.
      LOGIN_ATTEMPTS: '100000',
      LOGIN_ATTEMPTS_USER: '100000',
      PURGE_INTERVAL: '0', // No purge may remove rows that a test looks at, however long the test takes.
      ...own.settings,
      ...settings,
    });
    const logged: string[] = [];
    const log = createLog(config.logLevel, lines(logged));
    const clock = new StoppedClock();
    const { database } = config;
    const embedded = database.kind === 'embedded' ? await joinOrStartEmbedded(database.dataDir) : undefined;
    const builder = Test.createTestingModule({ imports: [ServerModule.of({ config, log, embedded })] });
    builder.setLogger(new NestLog(log));
    builder.overrideProvider(Clock).useValue(clock);
    // A test flushes when it wants to, and so does the end of the application.
    builder.overrideProvider(MonitoringSchedule).useValue({});
    builder.overrideProvider(SecretUseSchedule).useValue({});
    if (options.hasher) builder.overrideProvider(PasswordHasher).useValue(options.hasher);
    const module = await builder.compile();
    const nest = module.createNestApplication<NestExpressApplication>(
      options.observer
        ? new HttpAdapter(new RequestObservers([options.observer], log), config)
        : httpAdapter(config, log),
      nestOptions(config, log),
    );
    const app = new TestApp(nest, clock, logged, config, log, async () => {
      await embedded?.close();
      await own.drop();
    });
    if (options.watched ?? true) watchAnswers(app.server, 'public');
    try {
      await nest.listen(0, '127.0.0.1');
      await app.apply(options.configuration ?? demoConfiguration.text);
    } catch (error) {
      await app.stop();
      throw error;
    }
    return app;
  }

  /** Applies a `symbolon.yaml` as the server does at its start. */
  async apply(text: string): Promise<void> {
    await this.nest
      .get(Provisioner)
      .apply({ file: 'test.yaml', text }, {}, { kind: 'file', name: 'test.yaml' });
  }

  /** Stores what monitoring has counted, as the server does every few seconds. */
  flushMonitoring(): Promise<void> {
    return this.nest.get(MonitoringFlush, { strict: false }).flush();
  }

  /** Stores when secrets were used, as the server does every few seconds. */
  flushSecretUses(): Promise<void> {
    return this.nest.get(SecretUseFlush, { strict: false }).flush();
  }

  /** Its base URL, without a trailing slash. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The server itself, as supertest takes it. */
  get server(): Server {
    return this.nest.getHttpServer();
  }

  /**
   * Stores a token with this value and the current epochs of its subjects.
   * @throws when its realm or client does not exist
   */
  async storeToken(value: string, token: TokenToStore): Promise<void> {
    const directory = this.nest.get(Directory);
    const realm = await directory.findRealm(token.realm);
    const client = await directory.findClient(token.realm, token.clientId);
    const owner =
      token.username === undefined
        ? undefined
        : await directory.findResourceOwner(token.realm, token.username);
    if (!realm || !client) throw new Error('the token has no realm or no client');
    const epochs = { realm: realm.epoch, client: client.epoch, resourceOwner: owner?.epoch };
    const accessTokens = [{ ...token, hash: hashToken(value), epochs }];
    await this.nest.get(TokenImporter).add({ accessTokens, refreshTokens: [] });
    await this.nest.get(TokenCodec).reload();
  }

  /** Its operator's listener, on a free port of loopback. The first call opens it. */
  async admin(): Promise<AdminTestApp> {
    if (!this.operators) {
      const nest = await createAdmin(this.nest, { config: this.config, log: this.log });
      this.operators = new AdminTestApp(this, nest);
      watchAnswers(nest.getHttpServer() as Server, 'admin');
      await nest.listen(0, '127.0.0.1');
    }
    return this.operators;
  }

  async stop(): Promise<void> {
    await this.operators?.nest.close();
    await this.nest.close();
    await this.cleanUp();
  }
}

export type TokenToStore = Omit<AccessToken, 'hash' | 'epochs'>;

function lines(into: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      into.push(chunk.toString());
      done();
    },
  });
}
