import { All, Controller, type OnModuleInit, Options, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthorizationServer } from '../../domain/authorization-server.js';
import type { FastRoute } from '../fast-path/fast-path.js';
import { isPlainForm } from '../fast-path/plain-requests.js';
import type { HttpAdapter } from '../http-adapter.js';
import { type ClientForm, ClientFormReader } from '../request/client-form.js';
import type { LocatedRequest } from '../request/located-request.js';
import { RealmResolver } from '../request/realm-resolver.js';
import { viewOf } from '../request/request-view.js';
import { CrossOrigin } from '../response/cross-origin.js';
import { StandardErrorFilter } from '../response/oauth-error.filter.js';
import { MethodNotAllowed } from '../response/refusal.js';
import { send, type ObservedResponse, type Reply } from '../response/reply.js';
import { tokenReply } from './token.presenter.js';
import { axwayTokenFormat, axwayTokenRequest, tokenParameters, tokenRequest } from './token-request.js';
import { Documented } from '../../openapi/operation.js';
import { preflightOperation } from '../response/cross-origin.openapi.js';
import { requestAxwayToken, requestToken } from './token.openapi.js';

const paths = ['oauth2/access_token', 'oauth2/token', 'api/oauth/token'];

/** The token endpoint, RFC 6749 §3.2, under ForgeRock's paths and Axway's. */
@Controller()
export class TokenController implements OnModuleInit {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly forms: ClientFormReader,
    private readonly realms: RealmResolver,
    private readonly crossOrigin: CrossOrigin,
    private readonly errors: StandardErrorFilter,
    private readonly host: HttpAdapterHost<HttpAdapter>,
  ) {}

  onModuleInit(): void {
    const plain = { matches: (request: LocatedRequest) => isPlainForm(request), errors: this.errors };
    const answer: FastRoute['answer'] = (request, response) => this.issued(request, response);
    const axwayAnswer: FastRoute['answer'] = (request, response) => this.issuedToAxway(request, response);
    const { fastPath } = this.host.httpAdapter ?? {};
    fastPath?.register({ path: '/oauth2/access_token', answer, ...plain });
    fastPath?.register({ path: '/oauth2/token', answer, ...plain });
    fastPath?.register({ path: '/api/oauth/token', answer: axwayAnswer, ...plain });
  }

  @Documented(requestToken)
  @Post(['oauth2/access_token', 'oauth2/token'])
  async token(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.issued(request, response));
  }

  @Documented(requestAxwayToken)
  @Post('api/oauth/token')
  async axwayToken(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.issuedToAxway(request, response));
  }

  private async issued(request: LocatedRequest, response: ObservedResponse): Promise<Reply> {
    const { realm, form, address, credentials } = await this.read(request, response);
    const asked = tokenRequest(form, { correlationId: response.correlationId, address });
    return tokenReply(await this.server.token(realm, credentials(), asked));
  }

  private async issuedToAxway(request: LocatedRequest, response: ObservedResponse): Promise<Reply> {
    const { realm, form, address, credentials } = await this.read(request, response);
    const format = axwayTokenFormat(form);
    const asked = axwayTokenRequest(form, { correlationId: response.correlationId, address });
    return tokenReply(await this.server.token(realm, credentials(), asked), format);
  }

  /** Reads a request; observers learn its grant type even if it is refused. */
  private async read(request: LocatedRequest, response: ObservedResponse): Promise<ClientForm> {
    request.operation = 'other';
    const asked = await this.forms.read(request, tokenParameters);
    const grantType = asked.form.one('grant_type');
    request.operation = this.server.grantTypes.find((known) => known === grantType) ?? 'other';
    await this.crossOrigin.permitClient(request, response, asked);
    return asked;
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
