import {
  All,
  Controller,
  Get,
  Inject,
  Injectable,
  type OnModuleInit,
  Post,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { type MaybePromise, chain } from '../../../domain/maybe-promise.js';
import { TokenService } from '../../../domain/token.service.js';
import { LOGGER } from '../../response/access-log.js';
import { readForm } from '../../request/form-body.js';
import type { HttpAdapter } from '../../http-adapter.js';
import { OAuthErrorFilter } from '../../response/oauth-error.filter.js';
import { MethodNotAllowed } from '../../response/refusal.js';
import { type Reply, send, type TracedResponse } from '../../response/reply.js';
import { viewOf } from '../../request/request-view.js';
import { axwayMissingToken, axwayRefusal, axwayTokenInfo } from './axway.presenter.js';
import { isPlainAxwayGet, isPlainAxwayPost } from '../../fast-path/plain-requests.js';
import { TokenInfoSettings } from '../settings.js';

@Injectable()
export class AxwayErrorFilter extends OAuthErrorFilter {
  constructor(@Inject(LOGGER) log: Logger) {
    super(axwayRefusal, log);
  }
}

/** Axway API Gateway's token information service (7.1 to 7.7): no caller authentication. */
@Controller('api/oauth/tokeninfo')
@UseFilters(AxwayErrorFilter)
export class AxwayTokenInfoController implements OnModuleInit {
  constructor(
    private readonly tokens: TokenService,
    private readonly settings: TokenInfoSettings,
    private readonly errors: AxwayErrorFilter,
    private readonly host: HttpAdapterHost<HttpAdapter>,
  ) {}

  onModuleInit(): void {
    const { axwayAdditionalParameters, axwayGet } = this.settings;
    if (!axwayAdditionalParameters.isEmpty) return;
    this.host.httpAdapter?.fastPath.register({
      path: '/api/oauth/tokeninfo',
      matches: (request) => isPlainAxwayPost(request) || (axwayGet && isPlainAxwayGet(request)),
      answer: (request) => this.tokenInfo(request),
      errors: this.errors,
    });
  }

  @Get()
  async get(@Req() request: IncomingMessage, @Res() response: TracedResponse): Promise<void> {
    if (!this.settings.axwayGet) throw new MethodNotAllowed('POST');
    send(response, await this.tokenInfo(request));
  }

  @Post()
  async post(@Req() request: IncomingMessage, @Res() response: TracedResponse): Promise<void> {
    send(response, await this.tokenInfo(request));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed(this.settings.axwayGet ? 'GET, HEAD, POST' : 'POST');
  }

  /** The answer to a GET, or to a POST with a form. */
  tokenInfo(request: IncomingMessage): MaybePromise<Reply> {
    const view = viewOf(request);
    const { axwayTokenSource, axwayRealms, axwayAdditionalParameters: additional } = this.settings;
    // The product's own example of a POST has no Content-Type.
    const posted = view.method === 'POST' ? readForm(request, { typeMayBeMissing: true }) : undefined;
    return chain(posted, (form) => {
      if (!form) view.query.refuseUnreadable();
      const presented = axwayTokenSource(view, form);
      if (presented === undefined) return axwayMissingToken();
      return chain(this.tokens.inspect(presented, axwayRealms), (inspection) =>
        axwayTokenInfo(inspection, (live) => additional.members({ view, form, presented, live })),
      );
    });
  }
}
