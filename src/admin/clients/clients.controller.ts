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

/** Clients of a realm, by their identifiers. */
@Controller('admin/v1/clients')
@UseGuards(AdminGuard)
export class ClientsController {
  constructor(private readonly subjects: SubjectRequests) {}

  @Documented(listOperation('client'))
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.list('client', request));
  }

  @Documented(createOperation('client'))
  @Post()
  async create(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.create('client', request, response));
  }

  @Documented(showOperation('client'))
  @Get(':id')
  async show(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.show('client', name, request));
  }

  @Documented(patchOperation('client'))
  @Patch(':id')
  async patch(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.patch('client', name, request, response));
  }

  @Documented(removeOperation('client'))
  @Delete(':id')
  async remove(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.remove('client', name, request, response));
  }

  /** Ends all of its tokens. */
  @Documented(revokeOperation('client'))
  @Post(':id/revoke')
  async revoke(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.revoke('client', name, request, response));
  }

  @All()
  otherListMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, POST');
  }

  @All(':id')
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, PATCH, DELETE');
  }

  @All(':id/revoke')
  otherRevocationMethod(): never {
    throw new MethodNotAllowed('POST');
  }
}
