import { All, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { TokenExplainer } from '../../domain/token-explainer.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, OnlyReads } from '../admin.guard.js';
import { explanationMembers } from '../explanation-view.js';
import { Turns } from '../turns.js';
import { explainQuestion } from './explain.request.js';
import { Documented } from '../../openapi/operation.js';
import { explainToken } from './explain.openapi.js';

/** What the server thinks of a token, and why. */
@Controller('admin/v1/tokens/explain')
@UseGuards(AdminGuard)
export class ExplainController {
  constructor(
    private readonly explainer: TokenExplainer,
    private readonly turns: Turns,
  ) {}

  /** A POST, because the token may not stand in a URL, which proxies log. */
  @Documented(explainToken)
  @Post()
  @OnlyReads(true)
  async explain(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const question = await explainQuestion(request);
    const explanation = await this.turns.take(() => this.explainer.explain(question));
    send(response, adminReply(request, explanationMembers(explanation)));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('POST');
  }
}
