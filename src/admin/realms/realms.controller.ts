import { All, Controller, Delete, Get, Param, Patch, Post, Req, Res, UseGuards } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminGuard, type AdminRequest } from '../admin.guard.js';
import { SubjectRequests } from '../subjects/subject-requests.js';
import {
  createOperation,
  listOperation,
  patchOperation,
  removeOperation,
  revokeOperation,
  showOperation,
} from '../subjects/subject-operations.openapi.js';

/** Realms, by their paths as one segment: `%2Falpha`. */
@Controller('admin/v1/realms')
@UseGuards(AdminGuard)
export class RealmsController {
  constructor(private readonly subjects: SubjectRequests) {}

  @Documented(listOperation('realm'))
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.list('realm', request));
  }

  @Documented(createOperation('realm'))
  @Post()
  async create(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.create('realm', request, response));
  }

  @Documented(showOperation('realm'))
  @Get(':path')
  async show(
    @Param('path') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.show('realm', name, request));
  }

  @Documented(patchOperation('realm'))
  @Patch(':path')
  async patch(
    @Param('path') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.patch('realm', name, request, response));
  }

  @Documented(removeOperation('realm'))
  @Delete(':path')
  async remove(
    @Param('path') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.remove('realm', name, request, response));
  }

  /** Ends all of its tokens. */
  @Documented(revokeOperation('realm'))
  @Post(':path/revoke')
  async revoke(
    @Param('path') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.revoke('realm', name, request, response));
  }

  @All()
  otherListMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, POST');
  }

  @All(':path')
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, PATCH, DELETE');
  }

  @All(':path/revoke')
  otherRevocationMethod(): never {
    throw new MethodNotAllowed('POST');
  }
}
