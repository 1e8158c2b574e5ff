import { All, Controller, Delete, Get, Param, Patch, Post, Req, Res, UseGuards } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminGuard, type AdminRequest } from '../admin.guard.js';
import { SubjectRequests } from '../subjects/subject-requests.js';

/** Clients of a realm, by their identifiers. */
@Controller('admin/v1/clients')
@UseGuards(AdminGuard)
export class ClientsController {
  constructor(private readonly subjects: SubjectRequests) {}

  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.list('client', request));
  }

  @Post()
  async create(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.create('client', request, response));
  }

  @Get(':id')
  async show(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.show('client', name, request));
  }

  @Patch(':id')
  async patch(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.patch('client', name, request, response));
  }

  @Delete(':id')
  async remove(
    @Param('id') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.remove('client', name, request, response));
  }

  /** Ends all of its tokens. */
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
