import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { Doctor } from '../../domain/doctor/doctor.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf, requireRoot } from '../admin.guard.js';
import { examinationMembers } from '../doctor-view.js';
import { examineServer } from './doctor.openapi.js';

/** What is wrong with this server and its stores. It belongs to no realm, so the root realm's callers alone see it. */
@Controller('admin/v1/doctor')
@UseGuards(AdminGuard)
export class DoctorController {
  constructor(private readonly doctor: Doctor) {}

  @Documented(examineServer)
  @Get()
  async examine(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    new AdminQuery(request, []);
    requireRoot(callerOf(request));
    const examination = await this.doctor.examine();
    send(response, adminReply(request, examinationMembers(examination)));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
