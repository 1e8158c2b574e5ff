import { All, Controller, Options, Post, Req, Res } from '@nestjs/common';
import { ClientAuthenticator } from '../../domain/client-authenticator.js';
import { OAuthError } from '../../domain/oauth-error.js';
import { TokenService } from '../../domain/token.service.js';
import { ClientFormReader } from '../request/client-form.js';
import type { LocatedRequest } from '../request/located-request.js';
import { RealmResolver } from '../request/realm-resolver.js';
import { viewOf } from '../request/request-view.js';
import { CrossOrigin } from '../response/cross-origin.js';
import { MethodNotAllowed } from '../response/refusal.js';
import { jsonReply, send, type ObservedResponse } from '../response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { preflightOperation } from '../response/cross-origin.openapi.js';
import { revokeToken } from './revocation.openapi.js';

const paths = ['oauth2/token/revoke', 'oauth2/revoke', 'api/oauth/revoke'];

/** The revocation endpoint, RFC 7009, under ForgeRock's paths and Axway's. */
@Controller()
export class RevocationController {
  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly tokens: TokenService,
    private readonly forms: ClientFormReader,
    private readonly realms: RealmResolver,
    private readonly crossOrigin: CrossOrigin,
  ) {}

  @Documented(revokeToken)
  @Post(paths)
  async revoke(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const asked = await this.forms.read(request, ['token', 'token_type_hint']);
    await this.crossOrigin.permitClient(request, response, asked);
    const { realm, form, address, credentials } = asked;
    const client = await this.authenticator.authenticate(realm, credentials(), address);
    const token = form.one('token');
    if (token === undefined) throw new OAuthError('invalid_request', 'The parameter token is missing.');
    // The hint is not used: a token's form shows its type, and a wrong hint must not matter (§2.1).
    const revoked = await this.tokens.revoke(client, token);
    const { clientId, application } = client;
    send(response, jsonReply(200, [], { details: { realm: realm.path, clientId, application, revoked } }));
  }

  @Documented(preflightOperation('Token', 'POST'))
  @Options(paths)
  async preflight(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    const findRealm = () => this.realms.namedOrRoot(request, viewOf(request));
    const preflight = await this.crossOrigin.preflight(request, 'POST', findRealm);
    if (!preflight) throw new MethodNotAllowed('POST');
    send(response, preflight);
  }

  @All(paths)
  otherMethod(): never {
    throw new MethodNotAllowed('POST');
  }
}
