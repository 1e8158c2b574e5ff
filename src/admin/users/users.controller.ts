import { All, Controller, Delete, Get, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
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
import { setPassword } from './users.openapi.js';

/** Users of a realm, by their names. */
@Controller('admin/v1/users')
@UseGuards(AdminGuard)
export class UsersController {
  constructor(private readonly subjects: SubjectRequests) {}

  @Documented(listOperation('user'))
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.list('user', request));
  }

  @Documented(createOperation('user'))
  @Post()
  async create(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.create('user', request, response));
  }

  @Documented(showOperation('user'))
  @Get(':name')
  async show(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.show('user', name, request));
  }

  @Documented(patchOperation('user'))
  @Patch(':name')
  async patch(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.patch('user', name, request, response));
  }

  @Documented(removeOperation('user'))
  @Delete(':name')
  async remove(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.remove('user', name, request, response));
  }

  /** Ends all of its tokens. */
  @Documented(revokeOperation('user'))
  @Post(':name/revoke')
  async revoke(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.revoke('user', name, request, response));
  }

  @Documented(setPassword)
  @Put(':name/password')
  async setPassword(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.setPassword(name, request, response));
  }

  @All()
  otherListMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, POST');
  }

  @All(':name')
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, PATCH, DELETE');
  }

  @All(':name/revoke')
  otherRevocationMethod(): never {
    throw new MethodNotAllowed('POST');
  }

  @All(':name/password')
  otherPasswordMethod(): never {
    throw new MethodNotAllowed('PUT');
  }
}
