import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { TrafficStore } from '../../domain/traffic.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest } from '../admin.guard.js';
import { Turns } from '../turns.js';
import { monitoringQuery } from './monitoring.request.js';
import { seriesView, totalsView } from './monitoring.view.js';
import { Documented } from '../../openapi/operation.js';
import { showSeries, showTotals } from './monitoring.openapi.js';

/** Messages by service, method, client and realm, as Axway's API Gateway Manager shows them under Monitoring. */
@Controller('admin/v1/monitoring')
@UseGuards(AdminGuard)
export class MonitoringController {
  constructor(
    private readonly traffic: TrafficStore,
    private readonly turns: Turns,
    private readonly clock: Clock,
  ) {}

  @Documented(showTotals)
  @Get()
  async totals(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const query = monitoringQuery(request, this.clock.now());
    const groups = await this.turns.take(() => this.traffic.busiest(query));
    const [total] = await this.turns.take(() => this.traffic.busiest({ ...query, by: [] }));
    send(response, adminReply(request, totalsView(query, groups, total)));
  }

  @Documented(showSeries)
  @Get('series')
  async series(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const query = monitoringQuery(request, this.clock.now());
    const points = await this.turns.take(() => this.traffic.series(query));
    send(response, adminReply(request, seriesView(query, points)));
  }

  @All(['', 'series'])
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
