import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { builtFrom, type Config } from './config.js';
import { AccessTokenStore } from './domain/access-token.js';
import { AuthorizationServer } from './domain/authorization-server.js';
import { ClientAuthenticator } from './domain/client-authenticator.js';
import { Clock, SystemClock } from './domain/clock.js';
import { Directory } from './domain/directory.js';
import { ClientCredentialsGrant } from './domain/grants/client-credentials.grant.js';
import { PasswordGrant } from './domain/grants/password.grant.js';
import { StoreUnavailable } from './domain/oauth-error.js';
import { Registry } from './domain/registry.js';
import { PasswordHasher, SecretVerifier } from './domain/secret.js';
import { TokenService } from './domain/token.service.js';
import { Argon2idHasher } from './hashing/argon2id.js';
import { LOGGER } from './http/access-log.js';
import { HealthModule } from './http/health/health.module.js';
import { Readiness } from './http/health/health.controller.js';
import { RealmResolver } from './http/located-request.js';
import { OAuthErrorFilter } from './http/oauth-error.filter.js';
import { oauthRefusal } from './http/refusal.js';
import { TokenModule } from './http/token/token.module.js';
import { AdditionalParameters } from './http/tokeninfo/additional-parameters.js';
import { TokenInfoSettings } from './http/tokeninfo/settings.js';
import { tokenSource } from './http/tokeninfo/token-source.js';
import { TokenInfoModule } from './http/tokeninfo/tokeninfo.module.js';
import { Provisioner } from './provisioning/apply.js';
import {
  type EmbeddedDatabase,
  embeddedLogin,
  joinOrStartEmbedded,
  startEmbedded,
} from './storage/embedded/embedded-database.js';
import { MemoryAccessTokenStore } from './storage/memory/access-token-store.js';
import { PostgresAccessTokenStore } from './storage/postgres/access-token-store.js';
import { type Connection, dataSourceOptions, openDataSource } from './storage/postgres/data-source.js';
import { Database } from './storage/postgres/database.js';
import { PostgresDirectory } from './storage/postgres/directory.js';
import { PostgresRegistry } from './storage/postgres/registry.js';

/** Injection tokens of what has no class. */
const CONFIG = Symbol('Config');
const ROLE = Symbol('Role');
const EMBEDDED = Symbol('EmbeddedDatabase');

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
class ProcessModule implements OnApplicationShutdown {
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

const typeOrm = TypeOrmModule.forRootAsync({
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

const storage: Provider[] = [
  {
    provide: Database,
    inject: [DataSource, CONFIG],
    useFactory: (dataSource: DataSource, { database }: Config) =>
      new Database(dataSource, { namedStatements: database.kind === 'server' }),
  },
  {
    provide: AccessTokenStore,
    inject: [CONFIG, Database, Clock],
    useFactory: ({ tokenStore }: Config, database: Database, clock: Clock) =>
      tokenStore === 'memory' ? new MemoryAccessTokenStore(clock) : new PostgresAccessTokenStore(database),
  },
  {
    provide: Directory,
    inject: [Database],
    useFactory: (database: Database) => new PostgresDirectory(database),
  },
  {
    provide: Registry,
    inject: [Database],
    useFactory: (database: Database) => new PostgresRegistry(database),
  },
  { provide: PasswordHasher, useClass: Argon2idHasher },
  { provide: Clock, useClass: SystemClock },
];

const domain: Provider[] = [
  {
    provide: SecretVerifier,
    inject: [PasswordHasher],
    useFactory: (hasher: PasswordHasher) => new SecretVerifier(hasher),
  },
  {
    provide: TokenService,
    inject: [AccessTokenStore, Directory, Clock],
    useFactory: (store: AccessTokenStore, directory: Directory, clock: Clock) =>
      new TokenService(store, directory, clock),
  },
  {
    provide: AuthorizationServer,
    inject: [Directory, SecretVerifier, TokenService],
    useFactory: (directory: Directory, secrets: SecretVerifier, tokens: TokenService) =>
      new AuthorizationServer(new ClientAuthenticator(directory, secrets), [
        new PasswordGrant(tokens, directory, secrets),
        new ClientCredentialsGrant(tokens),
      ]),
  },
  {
    provide: Provisioner,
    inject: [Directory, Registry, PasswordHasher],
    useFactory: (directory: Directory, registry: Registry, hasher: PasswordHasher) =>
      new Provisioner(directory, registry, hasher),
  },
];

const http: Provider[] = [
  {
    provide: RealmResolver,
    inject: [Directory],
    useFactory: (directory: Directory) => new RealmResolver(directory),
  },
  {
    provide: TokenInfoSettings,
    inject: [CONFIG, LOGGER],
    useFactory: ({ tokenInfo }: Config, log: Logger): TokenInfoSettings => ({
      namedRealmOnly: tokenInfo.realms === 'named',
      axwayRealms: (path) => tokenInfo.axwayRealms?.includes(path) ?? true,
      axwayGet: tokenInfo.axwayGet,
      axwayTokenSource: builtFrom('AXWAY_TOKEN_SELECTOR', () =>
        tokenSource(tokenInfo.axwayTokenSource, tokenInfo.selectorEnvironment),
      ),
      axwayAdditionalParameters: builtFrom(
        'AXWAY_ADDITIONAL_PARAMETERS',
        () =>
          new AdditionalParameters(tokenInfo.axwayAdditionalParameters, tokenInfo.selectorEnvironment, log),
      ),
    }),
  },
  {
    provide: Readiness,
    inject: [Database],
    useFactory: (database: Database) => new Readiness(() => database.ping()),
  },
];

/** What no flavour's own filter answers is answered in OAuth's form. */
const errorFilter: Provider = {
  provide: APP_FILTER,
  inject: [LOGGER],
  useFactory: (log: Logger) => new OAuthErrorFilter(oauthRefusal, log),
};

const providers = [...storage, ...domain, ...http];

/** The composition root: which adapter stands behind which port. */
@Global()
@Module({})
export class AppModule {
  static of(options: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [ProcessModule.of(options), typeOrm, TokenModule, TokenInfoModule, HealthModule],
      providers: [...providers, errorFilter],
      exports: providers.flatMap((provider) => ('provide' in provider ? [provider.provide] : [])),
    };
  }
}
