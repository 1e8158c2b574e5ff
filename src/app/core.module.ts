import {
  type DynamicModule,
  Global,
  type INestApplicationContext,
  type InjectionToken,
  Module,
  type Provider,
} from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { type Config, CONFIG } from '../config/config.js';
import { Issuer } from '../http/metadata/issuer.js';
import { ServerCounters } from '../observability/counters.js';
import { LOGGER } from '../observability/log.js';
import type { EmbeddedDatabase } from '../storage/embedded/embedded-database.js';
import { openDataSource } from '../storage/postgres/data-source.js';
import { databaseOptions, openingOf } from './database-opening.js';
import { domainProviders } from './domain-providers.js';
import { withRetries } from './first-connection.js';
import { explanationProviders } from './explanation-providers.js';
import { loginProviders } from './login-providers.js';
import { provide } from './providers.js';
import { storageProviders } from './storage-providers.js';
import { TokenCluster } from './token-cluster.js';

/** Injection token of the list of everything that the core provides. */
const CORE_TOKENS = Symbol('CoreTokens');

/** What the core is built from. */
export interface CoreOptions {
  readonly config: Config;
  readonly log: Logger;
  /** The open embedded database, where the settings name no server. It must outlive the core. */
  readonly embedded?: EmbeddedDatabase;
  /** How often the first connection is tried, one second apart. */
  readonly connectAttempts: number;
  /** Whether pending migrations are applied; they are when left out. Without them, most of the core cannot work. */
  readonly migrates?: boolean;
}

/** The stores and the domain, which every kind of process has. It has no listener and no jobs. */
@Global()
@Module({})
export class CoreModule {
  static of(options: CoreOptions): DynamicModule {
    const { config, log, embedded } = options;
    const providers: Provider[] = [
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: log },
      { provide: ServerCounters, useValue: new ServerCounters() },
      ...storageProviders(config, log, embedded),
      ...loginProviders(config),
      ...domainProviders(config, log),
      provide(Issuer, [], () => new Issuer(config.issuer)),
      ...explanationProviders(config, log),
    ];
    const tokens = providers.map((provider) => ('provide' in provider ? provider.provide : provider));
    return {
      module: CoreModule,
      imports: [typeOrm(options)],
      // A second application does not get the cluster: at its end it would close it.
      providers: [...providers, tokenCluster(options), { provide: CORE_TOKENS, useValue: tokens }],
      exports: [...tokens, TokenCluster],
    };
  }

  /**
   * The core of a running application, for a second application with its own listener. Both have the same
   * instances, so there is no second pool and no second cache. The second application must be closed first.
   */
  static sharedBy(running: INestApplicationContext): DynamicModule {
    const tokens = running.get<InjectionToken[]>(CORE_TOKENS, { strict: false });
    const providers = tokens.map((token) => ({
      provide: token,
      useValue: running.get<unknown>(token, { strict: false }),
    }));
    return { module: CoreModule, providers, exports: tokens };
  }
}

function tokenCluster({ config: { cassandra }, log, connectAttempts }: CoreOptions): Provider {
  return provide(TokenCluster, [DataSource], (dataSource) =>
    cassandra ? TokenCluster.open(cassandra, log, dataSource, connectAttempts) : new TokenCluster(),
  );
}

/** The connection to PostgreSQL, with its schema up to date unless the options say otherwise. */
function typeOrm(options: CoreOptions): DynamicModule {
  const { log, embedded, connectAttempts, migrates } = options;
  const { database } = options.config;
  const opening = { ...openingOf(database, log), migrates };
  return TypeOrmModule.forRootAsync({
    // Ours are logged with their reason.
    useFactory: () => ({ ...databaseOptions(database, embedded), toRetry: () => false }),
    dataSourceFactory: (typeOrmOptions) =>
      withRetries(() => openDataSource(typeOrmOptions!, opening), connectAttempts, log),
  });
}
