import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { SubjectRecords } from '../../domain/subject-records.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminGuard, type AdminRequest, callerOf } from '../admin.guard.js';
import { badParameter } from '../problem.js';
import { Turns } from '../turns.js';
import { searchSubjects } from './search.openapi.js';

/** How many subjects of each kind are found. */
const limit = 20;

/** Finds realms, clients and users by the beginnings of their names, in all realms of the caller. */
@Controller('admin/v1/search')
@UseGuards(AdminGuard)
export class SearchController {
  constructor(
    private readonly records: SubjectRecords,
    private readonly turns: Turns,
  ) {}

  @Documented(searchSubjects)
  @Get()
  async search(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const text = new AdminQuery(request, ['q']).text('q');
    if (text === undefined || text === '') throw badParameter('q', 'is missing');
    const { realm } = callerOf(request);
    const items = await this.turns.take(() => this.records.search(text, realm, limit));
    send(response, adminReply(request, { items }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
