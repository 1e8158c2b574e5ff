import { All, Controller, Delete, Get, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminGuard, type AdminRequest } from '../admin.guard.js';
import { SubjectRequests } from '../subjects/subject-requests.js';

/** Users of a realm, by their names. */
@Controller('admin/v1/users')
@UseGuards(AdminGuard)
export class UsersController {
  constructor(private readonly subjects: SubjectRequests) {}

  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.list('user', request));
  }

  @Post()
  async create(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    send(response, await this.subjects.create('user', request, response));
  }

  @Get(':name')
  async show(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.show('user', name, request));
  }

  @Patch(':name')
  async patch(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.patch('user', name, request, response));
  }

  @Delete(':name')
  async remove(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.remove('user', name, request, response));
  }

  /** Ends all of its tokens. */
  @Post(':name/revoke')
  async revoke(
    @Param('name') name: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.subjects.revoke('user', name, request, response));
  }

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
