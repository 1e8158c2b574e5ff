import type { Provider } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { AuditLog } from '../domain/audit.js';
import { AuthorizationCodeIssuer } from '../domain/authorization-code-issuer.js';
import { AuthorizationCodeStore } from '../domain/authorization-code.js';
import { AuthorizationEndpoint } from '../domain/authorization-endpoint.js';
import { Clock } from '../domain/clock.js';
import { ConsentStore } from '../domain/consent.js';
import { Consents } from '../domain/consents.js';
import { Directory } from '../domain/directory.js';
import { ResourceOwnerAuthenticator } from '../domain/resource-owner-authenticator.js';
import { SessionStore } from '../domain/session.js';
import { Sessions } from '../domain/sessions.js';
import { SignIn } from '../domain/sign-in.js';
import { TokenCodec } from '../domain/token-codec.js';
import { construct, provide } from './providers.js';

/** What the authorization endpoint and its pages need of the domain. */
export function signInProviders({ codeLifetime, sessionLifetime }: Config): Provider[] {
  return [
    provide(
      Sessions,
      [SessionStore, Directory, TokenCodec, Clock],
      (store, directory, codec, clock) => new Sessions(store, directory, codec, clock, sessionLifetime),
    ),
    construct(SignIn, ResourceOwnerAuthenticator, Sessions, Directory, AuditLog, Clock),
    construct(Consents, ConsentStore, AuditLog, Clock),
    provide(
      AuthorizationCodeIssuer,
      [AuthorizationCodeStore, TokenCodec, Clock],
      (store, codec, clock) => new AuthorizationCodeIssuer(store, codec, clock, codeLifetime),
    ),
    construct(AuthorizationEndpoint, Directory, SignIn, Sessions, Consents, AuthorizationCodeIssuer),
  ];
}
