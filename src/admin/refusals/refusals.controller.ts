import { All, Controller, Get, Param, Req, Res, UseGuards } from '@nestjs/common';
import { RefusalExplainer } from '../../domain/refusal-explainer.js';
import { RefusalLog } from '../../domain/refusal.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf } from '../admin.guard.js';
import { refusalExplanationMembers, refusalMembers } from '../explanation-view.js';
import { Pager, pageParameters } from '../pager.js';
import { notFound } from '../problem.js';
import { realmFilter } from '../realm-filter.js';
import { Turns } from '../turns.js';
import { Documented } from '../../openapi/operation.js';
import { listRefusals, showRefusal } from './refusals.openapi.js';

/** Requests that were refused, or whose answer was that a token is inactive, by their correlation ids. */
@Controller('admin/v1/refusals')
@UseGuards(AdminGuard)
export class RefusalsController {
  constructor(
    private readonly refusals: RefusalLog,
    private readonly explainer: RefusalExplainer,
    private readonly pager: Pager,
    private readonly turns: Turns,
  ) {}

  @Documented(listRefusals)
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const query = new AdminQuery(request, [...pageParameters, 'reason', 'client', 'realm', 'route']);
    const caller = callerOf(request);
    const filters = {
      within: caller.realm,
      realm: realmFilter(query, caller),
      reason: query.text('reason'),
      client: query.text('client'),
      route: query.text('route'),
    };
    const page = await this.pager.page(query, { list: 'refusals', filters }, (part) =>
      this.refusals.list({ ...filters, ...part }),
    );
    send(response, adminReply(request, { ...page, items: page.items.map(refusalMembers) }));
  }

  /** One with its exact reason, and what is thought of its token now. */
  @Documented(showRefusal)
  @Get(':id')
  async show(
    @Param('id') id: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    new AdminQuery(request, []);
    const { realm } = callerOf(request);
    const explanation = await this.turns.take(() => this.explainer.explain(id, realm));
    if (!explanation) throw notFound();
    send(response, adminReply(request, refusalExplanationMembers(explanation)));
  }

  @All(['', ':id'])
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
