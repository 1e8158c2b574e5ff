import { All, Param, Put, Req, Res } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import type { AdminRequest } from '../admin.guard.js';
import { subjectController } from '../subjects/subject-controller.js';
import { setPassword } from './users.openapi.js';

/** Users of a realm, by their names. */
export class UsersController extends subjectController('user', 'admin/v1/users', 'name') {
  @Documented(setPassword)
  @Put(':name/password')
  async setPassword(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.setPassword(name, request, response));
  }

  @All(':name/password')
  otherPasswordMethod(): never {
    throw new MethodNotAllowed('PUT');
  }
}
