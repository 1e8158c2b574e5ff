import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { NodeRoster } from '../../domain/roster.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf, requireRoot } from '../admin.guard.js';
import { Turns } from '../turns.js';
import { nodeView } from './node.view.js';
import { Documented } from '../../openapi/operation.js';
import { listNodes } from './nodes.openapi.js';

/** The nodes that share the database. They belong to no realm, so the root realm's callers alone see them. */
@Controller('admin/v1/nodes')
@UseGuards(AdminGuard)
export class NodesController {
  constructor(
    private readonly roster: NodeRoster,
    private readonly turns: Turns,
    private readonly clock: Clock,
  ) {}

  @Documented(listNodes)
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    new AdminQuery(request, []);
    requireRoot(callerOf(request));
    const nodes = await this.turns.take(() => this.roster.list(this.clock.now()));
    send(response, adminReply(request, { items: nodes.map(nodeView) }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
