import { All, Controller, Get, Inject, Injectable, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { TokenService } from '../../domain/token.service.js';
import { LOGGER } from '../access-log.js';
import { readForm } from '../form-body.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { MethodNotAllowed } from '../refusal.js';
import { send, type TracedResponse } from '../reply.js';
import { viewOf } from '../request-view.js';
import { axwayMissingToken, axwayRefusal, axwayTokenInfo } from './axway.presenter.js';
import { TokenInfoSettings } from './settings.js';

@Injectable()
export class AxwayErrorFilter extends OAuthErrorFilter {
  constructor(@Inject(LOGGER) log: Logger) {
    super(axwayRefusal, log);
  }
}

/** Axway API Gateway's token information service (7.1 to 7.7): no caller authentication. */
@Controller('api/oauth/tokeninfo')
@UseFilters(AxwayErrorFilter)
export class AxwayTokenInfoController {
  constructor(
    private readonly tokens: TokenService,
    private readonly settings: TokenInfoSettings,
  ) {}

  @Get()
  async get(@Req() request: IncomingMessage, @Res() response: TracedResponse): Promise<void> {
    if (!this.settings.axwayGet) throw new MethodNotAllowed('POST');
    await this.tokenInfo(request, response);
  }

  @Post()
  async post(@Req() request: IncomingMessage, @Res() response: TracedResponse): Promise<void> {
    await this.tokenInfo(request, response);
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed(this.settings.axwayGet ? 'GET, HEAD, POST' : 'POST');
  }

  private async tokenInfo(request: IncomingMessage, response: TracedResponse): Promise<void> {
    const { axwayTokenSource, axwayRealms, axwayAdditionalParameters } = this.settings;
    const view = viewOf(request);
    // The product's own example of a POST has no Content-Type.
    const form = view.method === 'POST' ? await readForm(request, { typeMayBeMissing: true }) : undefined;
    if (!form) view.query.refuseUnreadable();
    const presented = axwayTokenSource(view, form);
    if (presented === undefined) return send(response, axwayMissingToken());
    const inspection = await this.tokens.inspect(presented, axwayRealms);
    const additional = axwayAdditionalParameters;
    send(
      response,
      axwayTokenInfo(inspection, (live) => additional.members({ view, form, presented, live })),
    );
  }
}
