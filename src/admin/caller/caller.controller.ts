import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf } from '../admin.guard.js';
import { Documented } from '../../openapi/operation.js';
import { showCaller } from './caller.openapi.js';

/** Who the caller is: what the holder of a token may see with it. */
@Controller('admin/v1/caller')
@UseGuards(AdminGuard)
export class CallerController {
  @Documented(showCaller)
  @Get()
  show(@Req() request: AdminRequest, @Res() response: ObservedResponse): void {
    new AdminQuery(request, []);
    const { realm, clientId, access } = callerOf(request);
    send(response, adminReply(request, { realm, client_id: clientId, access }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
