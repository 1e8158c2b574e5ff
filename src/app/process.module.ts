import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { StoreUnavailable } from '../domain/oauth-error.js';
import { LOGGER } from '../http/response/access-log.js';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  joinOrStartEmbedded,
  startEmbedded,
} from '../storage/embedded/embedded-database.js';
import { type Connection, dataSourceOptions, openDataSource } from '../storage/postgres/data-source.js';

/** Injection tokens of what has no class. */
export const CONFIG = Symbol('Config');
export const ROLE = Symbol('Role');
export const EMBEDDED = Symbol('EmbeddedDatabase');

/** All connections to the embedded database are one session, so more of them would only queue. */
const embeddedPoolSize = 4;

/** What the application is built from. */
export interface AppOptions {
  readonly config: Config;
  readonly log: Logger;
  /** A server runs its own embedded database and waits for a real one; a command may join a server's, and does not wait. */
  readonly role?: 'server' | 'command';
  /** The server's embedded database, where it has been started already. */
  readonly embedded?: Promise<EmbeddedDatabase>;
}

/** Settings and log for every module, and the embedded database where there is one. It outlives its clients. */
@Global()
@Module({})
export class ProcessModule implements OnApplicationShutdown {
  constructor(@Inject(EMBEDDED) private readonly embedded: EmbeddedDatabase | undefined) {}

  static of({ config, log, role = 'server', embedded }: AppOptions): DynamicModule {
    const open = role === 'server' ? startEmbedded : joinOrStartEmbedded;
    const start = async () => {
      if (config.database.kind !== 'embedded') return undefined;
      const database = await (embedded ?? open(config.database.dataDir));
      void database.failed.then(({ message }) => {
        log.fatal(message);
        process.exit(1);
      });
      return database;
    };
    return {
      module: ProcessModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: log },
        { provide: ROLE, useValue: role },
        { provide: EMBEDDED, useFactory: start },
      ],
      exports: [CONFIG, LOGGER, ROLE, EMBEDDED],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.embedded?.close();
  }
}

/** The connection to PostgreSQL, with its schema up to date. */
export const typeOrm = TypeOrmModule.forRootAsync({
  inject: [CONFIG, ROLE, EMBEDDED],
  useFactory: ({ database }: Config, role: AppOptions['role'], embedded?: EmbeddedDatabase) => {
    const connection: Connection =
      database.kind === 'server' ? { url: database.url } : { host: embedded?.host ?? '', ...embeddedLogin };
    const poolSize = database.kind === 'server' ? database.poolSize : embeddedPoolSize;
    const retry = {
      retryAttempts: role === 'server' ? 5 : 0,
      retryDelay: 1000,
      toRetry: (error: unknown) => error instanceof StoreUnavailable,
    };
    return { ...dataSourceOptions(connection, poolSize), ...retry };
  },
  dataSourceFactory: async (options) => openDataSource(options!),
});
