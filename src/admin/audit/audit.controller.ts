import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { AuditLog } from '../../domain/audit.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf } from '../admin.guard.js';
import { Pager, pageParameters } from '../pager.js';
import { realmFilter } from '../realm-filter.js';
import { auditEventMembers } from '../audit-view.js';
import { Documented } from '../../openapi/operation.js';
import { listAudit } from './audit.openapi.js';

/** Changes of realms, clients, users, tokens and keys: what, when and by whom. */
@Controller('admin/v1/audit')
@UseGuards(AdminGuard)
export class AuditController {
  constructor(
    private readonly audit: AuditLog,
    private readonly pager: Pager,
  ) {}

  @Documented(listAudit)
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const query = new AdminQuery(request, [...pageParameters, 'action', 'actor', 'realm', 'name']);
    const caller = callerOf(request);
    const filters = {
      within: caller.realm,
      realm: realmFilter(query, caller),
      action: query.text('action'),
      actor: query.text('actor'),
      name: query.text('name'),
    };
    const page = await this.pager.page(query, { list: 'audit', filters }, (part) =>
      this.audit.list({ ...filters, ...part }),
    );
    send(response, adminReply(request, { ...page, items: page.items.map(auditEventMembers) }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
