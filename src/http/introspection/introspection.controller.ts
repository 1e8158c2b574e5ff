import { All, Controller, type OnModuleInit, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Client, mayIntrospect } from '../../domain/client.js';
import { ClientAuthenticator, invalidClient, twoMethods } from '../../domain/client-authenticator.js';
import { inactive } from '../../domain/inactive.js';
import { OAuthError } from '../../domain/oauth-error.js';
import { TokenService } from '../../domain/token.service.js';
import { isPlainForm } from '../fast-path/plain-requests.js';
import type { HttpAdapter } from '../http-adapter.js';
import { bearerToken } from '../request/bearer-token.js';
import { type ClientForm, ClientFormReader } from '../request/client-form.js';
import { Issuer } from '../metadata/issuer.js';
import type { LocatedRequest } from '../request/located-request.js';
import { MethodNotAllowed } from '../response/refusal.js';
import { StandardErrorFilter } from '../response/oauth-error.filter.js';
import { send, type ObservedResponse, type Reply } from '../response/reply.js';
import { introspectionReply } from './introspection.presenter.js';
import { Documented } from '../../openapi/operation.js';
import { introspectToken } from './introspection.openapi.js';

/** The scope that a bearer token needs to introspect other tokens. */
const introspectScope = 'introspect';

/** The introspection endpoint, RFC 7662. */
@Controller('oauth2/introspect')
export class IntrospectionController implements OnModuleInit {
  constructor(
    private readonly authenticator: ClientAuthenticator,
    private readonly tokens: TokenService,
    private readonly forms: ClientFormReader,
    private readonly issuer: Issuer,
    private readonly errors: StandardErrorFilter,
    private readonly host: HttpAdapterHost<HttpAdapter>,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter?.fastPath.register({
      path: '/oauth2/introspect',
      matches: (request) => isPlainForm(request),
      answer: (request) => this.introspection(request),
      errors: this.errors,
    });
  }

  @Documented(introspectToken)
  @Post()
  async introspect(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.introspection(request));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('POST');
  }

  /** The answer to a request. */
  private async introspection(request: LocatedRequest): Promise<Reply> {
    const asked = await this.forms.read(request, ['token', 'token_type_hint']);
    const caller = await this.caller(asked);
    const token = asked.form.one('token');
    if (token === undefined) {
      throw new OAuthError('invalid_request', 'The parameter token is missing.', undefined, 'no_token');
    }
    const inspection = await this.tokens.inspect(token, () => true);
    const permitted = inspection.status !== 'active' || mayIntrospect(caller, inspection.token);
    const shown = permitted ? inspection : inactive.not_permitted;
    return introspectionReply(shown, this.issuer, caller, token);
  }

  /** The client that sent the request, by its own credentials or by a bearer token issued to it (§2.1). */
  private async caller({ realm, form, address, authorization, credentials }: ClientForm): Promise<Client> {
    const bearer = bearerToken(authorization);
    if (bearer === undefined) {
      const client = await this.authenticator.authenticate(realm, credentials(), address);
      if (client.type === 'public') throw invalidClient('public client');
      return client;
    }
    if (form.one('client_secret') !== undefined) throw twoMethods();
    const inspection = await this.tokens.inspect(bearer, (path) => path === realm.path);
    if (inspection.status !== 'active') {
      throw new OAuthError('invalid_token', 'The access token is invalid.', inspection.status);
    }
    if (!inspection.token.scope.includes(introspectScope)) {
      throw new OAuthError('insufficient_scope', 'The access token may not be used here.');
    }
    return inspection.client;
  }
}
