import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Logger } from 'pino';
import { builtFrom, type Config } from '../config/config.js';
import { AccessTokenStore } from '../domain/access-token.js';
import { AuthorizationServer } from '../domain/authorization-server.js';
import { ClientAuthenticator } from '../domain/client-authenticator.js';
import { Clock } from '../domain/clock.js';
import { Directory } from '../domain/directory.js';
import { ClientCredentialsGrant } from '../domain/grants/client-credentials.grant.js';
import { PasswordGrant } from '../domain/grants/password.grant.js';
import { RefreshTokenGrant } from '../domain/grants/refresh-token.grant.js';
import { TokenChecker } from '../domain/token-checker.js';
import { RefreshTokenStore } from '../domain/refresh-token.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { RememberedSecrets } from '../domain/remembered-secrets.js';
import { PasswordHasher, SecretVerifier } from '../domain/secret.js';
import { TokenFactory } from '../domain/token-factory.js';
import { TokenCodec } from '../domain/token-codec.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenService } from '../domain/token.service.js';
import { LOGGER } from '../http/response/access-log.js';
import { HealthModule } from '../http/health/health.module.js';
import { Readiness } from '../http/health/health.controller.js';
import { IntrospectionModule } from '../http/introspection/introspection.module.js';
import { Issuer } from '../http/metadata/issuer.js';
import { RealmResolver } from '../http/request/located-request.js';
import { MetadataModule } from '../http/metadata/metadata.module.js';
import { ServerMetadata } from '../http/metadata/server-metadata.js';
import { OAuthErrorFilter } from '../http/response/oauth-error.filter.js';
import { oauthRefusal } from '../http/response/refusal.js';
import { RevocationModule } from '../http/revocation/revocation.module.js';
import { TokenModule } from '../http/token/token.module.js';
import { AdditionalParameters } from '../http/tokeninfo/axway/selectors/additional-parameters.js';
import { TokenInfoSettings } from '../http/tokeninfo/settings.js';
import { tokenSource } from '../http/tokeninfo/axway/selectors/token-source.js';
import { TokenInfoModule } from '../http/tokeninfo/tokeninfo.module.js';
import { changeFeed } from '../jobs/change-listening.js';
import { type AppOptions, CONFIG, ProcessModule, typeOrm } from './process.module.js';
import { Provisioner } from '../provisioning/apply.js';
import { Database } from '../storage/postgres/database.js';
import { PostgresDirectory } from '../storage/postgres/directory.js';
import { stores } from './stores.js';
import { UpkeepModule } from '../jobs/jobs.module.js';

/** Selectors that read how a token was asked for: only then is that stored. */
const showsRequest = /getAuthorizationRequest/;

const domain: Provider[] = [
  {
    provide: SecretVerifier,
    inject: [PasswordHasher],
    useFactory: (hasher: PasswordHasher) => new SecretVerifier(hasher),
  },
  {
    provide: ClientAuthenticator,
    inject: [Directory, SecretVerifier, Clock],
    useFactory: (directory: Directory, secrets: SecretVerifier, clock: Clock) =>
      new ClientAuthenticator(directory, new RememberedSecrets(secrets, clock)),
  },
  {
    provide: TokenChecker,
    inject: [Directory, Clock],
    useFactory: (directory: Directory, clock: Clock) => new TokenChecker(directory, clock),
  },
  {
    provide: TokenCodec,
    inject: [TokenKeyStore, Clock],
    useFactory: (keys: TokenKeyStore, clock: Clock) => new TokenCodec(keys, clock),
  },
  {
    provide: TokenFactory,
    inject: [TokenCodec, Clock, CONFIG],
    useFactory: (form: TokenCodec, clock: Clock, { tokenInfo }: Config) => {
      const keepsRequests = tokenInfo.axwayAdditionalParameters.some(({ value }) => showsRequest.test(value));
      return new TokenFactory(form, clock, { keepsRequests });
    },
  },
  {
    provide: TokenService,
    inject: [AccessTokenStore, RefreshTokenStore, TokenChecker, TokenCodec, TokenFactory, Clock],
    useFactory: (
      accessTokens: AccessTokenStore,
      refreshTokens: RefreshTokenStore,
      liveness: TokenChecker,
      form: TokenCodec,
      factory: TokenFactory,
      clock: Clock,
    ) => new TokenService(accessTokens, refreshTokens, liveness, form, factory, clock),
  },
  {
    provide: AuthorizationServer,
    inject: [
      ClientAuthenticator,
      TokenService,
      Directory,
      SecretVerifier,
      RefreshTokenStore,
      TokenChecker,
      Clock,
      CONFIG,
    ],
    useFactory: (
      authenticator: ClientAuthenticator,
      tokens: TokenService,
      directory: Directory,
      secrets: SecretVerifier,
      refreshTokens: RefreshTokenStore,
      liveness: TokenChecker,
      clock: Clock,
      { refreshLeeway }: Config,
    ) =>
      new AuthorizationServer(authenticator, [
        new PasswordGrant(tokens, directory, secrets),
        new ClientCredentialsGrant(tokens),
        new RefreshTokenGrant(tokens, refreshTokens, liveness, clock, refreshLeeway * 1000),
      ]),
  },
  {
    provide: Provisioner,
    // What it has written it must see at once, on whichever node: no copies.
    inject: [PostgresDirectory, DirectoryWriter, PasswordHasher],
    useFactory: (directory: PostgresDirectory, registry: DirectoryWriter, hasher: PasswordHasher) =>
      new Provisioner(directory, registry, hasher),
  },
];

const http: Provider[] = [
  { provide: Issuer, inject: [CONFIG], useFactory: ({ issuer }: Config) => new Issuer(issuer) },
  {
    provide: ServerMetadata,
    inject: [Issuer, AuthorizationServer],
    useFactory: (issuer: Issuer, { grantTypes }: AuthorizationServer) =>
      new ServerMetadata(issuer, grantTypes),
  },
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
      forgeRockErrors: tokenInfo.errors,
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

const providers = [changeFeed, ...stores, ...domain, ...http];

/** The composition root: which adapter stands behind which port. */
@Global()
@Module({})
export class AppModule {
  static of(options: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ProcessModule.of(options),
        typeOrm,
        TokenModule,
        RevocationModule,
        IntrospectionModule,
        TokenInfoModule,
        MetadataModule,
        HealthModule,
        UpkeepModule,
      ],
      providers: [...providers, errorFilter],
      exports: providers.flatMap((provider) => ('provide' in provider ? [provider.provide] : [])),
    };
  }
}
