import { All, Controller, Post, Req, Res } from '@nestjs/common';
import { AuthorizationServer } from '../../domain/authorization-server.js';
import type { TokenRequest } from '../../domain/grants/grant.js';
import { clientCredentials } from '../client-credentials.js';
import { readForm } from '../form-body.js';
import { type LocatedRequest, RealmResolver } from '../located-request.js';
import { MethodNotAllowed } from '../refusal.js';
import { send, type TracedResponse } from '../reply.js';
import { authorizationHeader, viewOf } from '../request-view.js';
import { tokenReply } from './token.presenter.js';
import { tokenRequest, withAxwayScope } from './token-request.js';

/** The token endpoint, RFC 6749 §3.2, under ForgeRock's paths and Axway's. */
@Controller()
export class TokenController {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly realms: RealmResolver,
  ) {}

  @Post(['oauth2/access_token', 'oauth2/token'])
  async token(@Req() request: LocatedRequest, @Res() response: TracedResponse): Promise<void> {
    await this.issue(request, response, (form) => form);
  }

  @Post('api/oauth/token')
  async axwayToken(@Req() request: LocatedRequest, @Res() response: TracedResponse): Promise<void> {
    await this.issue(request, response, withAxwayScope);
  }

  @All(['oauth2/access_token', 'oauth2/token', 'api/oauth/token'])
  otherMethod(): never {
    throw new MethodNotAllowed('POST');
  }

  private async issue(
    request: LocatedRequest,
    response: TracedResponse,
    flavour: (request: TokenRequest) => TokenRequest,
  ): Promise<void> {
    const view = viewOf(request);
    view.query.refuseUnreadable();
    const realm = await this.realms.namedOrRoot(request, view);
    const form = await readForm(request, { typeMayBeMissing: false });
    const asked = flavour(tokenRequest(view.query, form));
    const credentials = clientCredentials(authorizationHeader(view), form);
    send(response, tokenReply(await this.server.token(realm, credentials, asked)));
  }
}
