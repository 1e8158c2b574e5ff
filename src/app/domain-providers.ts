import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { AdminCode } from '../domain/admin-code.js';
import { AdminTokenIssuer } from '../domain/admin-token.js';
import { AuthorizationServer } from '../domain/authorization-server.js';
import { ClientAuthenticator } from '../domain/client-authenticator.js';
import { ClientSecretRecords, ClientSecrets } from '../domain/client-secrets.js';
import { Clock } from '../domain/clock.js';
import { AuditLog } from '../domain/audit.js';
import { AuthorizationCodeStore } from '../domain/authorization-code.js';
import { Directory } from '../domain/directory.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { AccessTokenStore } from '../domain/access-token.js';
import { AuthorizationCodeGrant } from '../domain/grants/authorization-code.grant.js';
import { ClientCredentialsGrant } from '../domain/grants/client-credentials.grant.js';
import { PasswordGrant } from '../domain/grants/password.grant.js';
import { RefreshTokenGrant } from '../domain/grants/refresh-token.grant.js';
import { LoginThrottle } from '../domain/login-throttle.js';
import { HashWrapping } from '../domain/hash-wrapping.js';
import { PasswordForms } from '../domain/password-forms.js';
import { PasswordUpgrader, PasswordUpgrades } from '../domain/password-upgrade.js';
import { RefreshTokenStore } from '../domain/refresh-token.js';
import { RefusalTimes } from '../domain/refusal-time.js';
import { RememberedSecrets } from '../domain/remembered-secrets.js';
import { ResourceOwnerAuthenticator } from '../domain/resource-owner-authenticator.js';
import { PasswordHasher, SecretVerifier } from '../domain/secret.js';
import { SecretUses, SecretUseStore } from '../domain/secret-uses.js';
import { SubjectRecords } from '../domain/subject-records.js';
import { TokenChecker } from '../domain/token-checker.js';
import { TokenCodec } from '../domain/token-codec.js';
import { TokenFactory } from '../domain/token-factory.js';
import { TokenRecords } from '../domain/token-record.js';
import { TokenRevoker } from '../domain/token-revoker.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenService } from '../domain/token.service.js';
import { UserTokens } from '../domain/user-tokens.js';
import { logFault } from '../observability/fault.js';
import { Provisioner } from '../provisioning/apply.js';
import { Exporter } from '../provisioning/export.js';
import { Registrar } from '../provisioning/registrar.js';
import { FilePlanner } from '../provisioning/file-plan.js';
import { PostgresDirectory } from '../storage/postgres/directory.js';
import { signInProviders } from './sign-in-providers.js';
import { construct, provide } from './providers.js';

/** Matches selectors that read a token's request. Tokens are stored with it only if there is one. */
const showsRequest = /getAuthorizationRequest/;

/** The domain's services, each with the ports and services that it needs. */
export function domainProviders(config: Config, log: Logger): Provider[] {
  const { tokenInfo, refreshLeeway } = config;
  const keepsRequests = tokenInfo.axwayAdditionalParameters.some(({ value }) => showsRequest.test(value));
  return [
    provide(
      PasswordUpgrader,
      [Directory, PasswordHasher, PasswordForms, PasswordUpgrades],
      (directory, hasher, forms, upgrades) =>
        new PasswordUpgrader(directory, hasher, forms, upgrades, (error) => logFault(log, error)),
    ),
    provide(
      RefusalTimes,
      [PasswordUpgrades, PasswordForms, PasswordHasher, Clock],
      (upgrades, forms, hasher, clock) => new RefusalTimes(upgrades, forms, hasher, clock),
    ),
    construct(HashWrapping, PasswordForms, PasswordUpgrades),
    construct(SecretVerifier, PasswordHasher, RefusalTimes, PasswordUpgrader),
    construct(RememberedSecrets, SecretVerifier, Clock),
    construct(SecretUses, SecretUseStore, Clock),
    construct(ClientAuthenticator, Directory, RememberedSecrets, LoginThrottle, Clock, SecretUses),
    construct(ResourceOwnerAuthenticator, Directory, SecretVerifier, LoginThrottle),
    construct(TokenChecker, Directory, Clock),
    construct(TokenCodec, TokenKeyStore, Clock),
    provide(
      TokenFactory,
      [TokenCodec, Clock],
      (codec, clock) => new TokenFactory(codec, clock, { keepsRequests }),
    ),
    construct(
      TokenService,
      AccessTokenStore,
      RefreshTokenStore,
      TokenChecker,
      TokenCodec,
      TokenFactory,
      Clock,
      AuthorizationCodeStore,
    ),
    construct(AuthorizationCodeGrant, TokenService, TokenChecker, Clock),
    construct(PasswordGrant, TokenService, ResourceOwnerAuthenticator),
    construct(ClientCredentialsGrant, TokenService),
    provide(
      RefreshTokenGrant,
      [TokenService, RefreshTokenStore, TokenChecker, Clock],
      (tokens, refreshTokens, checker, clock) =>
        new RefreshTokenGrant(tokens, refreshTokens, checker, clock, refreshLeeway * 1000),
    ),
    provide(
      AuthorizationServer,
      [ClientAuthenticator, AuthorizationCodeGrant, PasswordGrant, ClientCredentialsGrant, RefreshTokenGrant],
      (authenticator, ...grants) => new AuthorizationServer(authenticator, grants),
    ),
    ...signInProviders(config),
    // Without a cache: these two must see every write at once, whichever node has made it.
    provide(
      Provisioner,
      [PostgresDirectory, DirectoryWriter, PasswordHasher, PasswordForms, Clock],
      (directory, writer, hasher, forms, clock) => new Provisioner(directory, writer, hasher, forms, clock),
    ),
    construct(UserTokens, TokenRecords, PostgresDirectory, Clock),
    construct(TokenRevoker, TokenRecords, AccessTokenStore, RefreshTokenStore, Clock),
    construct(Exporter, SubjectRecords),
    construct(Registrar, SubjectRecords, DirectoryWriter, PasswordHasher, PasswordForms, Clock),
    construct(FilePlanner, PostgresDirectory, DirectoryWriter, PasswordHasher, PasswordForms, AuditLog),
    construct(ClientSecrets, ClientSecretRecords, DirectoryWriter, PasswordForms, Clock),
    construct(AdminTokenIssuer, PostgresDirectory, DirectoryWriter, AccessTokenStore, TokenCodec, Clock),
    construct(AdminCode, AdminTokenIssuer, Clock),
  ];
}
