import {
  All,
  Controller,
  Delete,
  Get,
  Param,
  Patch,
  Post,
  Req,
  Res,
  type Type,
  UseGuards,
} from '@nestjs/common';
import type { SubjectKind } from '../../domain/audit.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminGuard, type AdminRequest } from '../admin.guard.js';
import {
  createOperation,
  listOperation,
  patchOperation,
  removeOperation,
  revokeOperation,
  showOperation,
} from './subject-operations.openapi.js';
import { SubjectRequests } from './subject-requests.js';

/** What the controllers of all kinds of subject have. */
export interface SubjectController {
  readonly subjects: SubjectRequests;
}

/**
 * The controller of the routes that each kind of subject has.
 * @param route such as `admin/v1/realms`
 * @param parameter of the path, which names a subject
 */
export function subjectController(
  kind: SubjectKind,
  route: string,
  parameter: string,
): Type<SubjectController> {
  const one = `:${parameter}`;

  @Controller(route)
  @UseGuards(AdminGuard)
  class OfKind implements SubjectController {
    constructor(readonly subjects: SubjectRequests) {}

    @Documented(listOperation(kind))
    @Get()
    async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
      send(response, await this.subjects.list(kind, request));
    }

    @Documented(createOperation(kind))
    @Post()
    async create(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
      send(response, await this.subjects.create(kind, request, response));
    }

    @Documented(showOperation(kind))
    @Get(one)
    async show(
      @Param(parameter) name: string,
      @Req() request: AdminRequest,
      @Res() response: ObservedResponse,
    ): Promise<void> {
      send(response, await this.subjects.show(kind, name, request));
    }

    @Documented(patchOperation(kind))
    @Patch(one)
    async patch(
      @Param(parameter) name: string,
      @Req() request: AdminRequest,
      @Res() response: ObservedResponse,
    ): Promise<void> {
      send(response, await this.subjects.patch(kind, name, request, response));
    }

    @Documented(removeOperation(kind))
    @Delete(one)
    async remove(
      @Param(parameter) name: string,
      @Req() request: AdminRequest,
      @Res() response: ObservedResponse,
    ): Promise<void> {
      send(response, await this.subjects.remove(kind, name, request, response));
    }

    /** Ends all of its tokens. */
    @Documented(revokeOperation(kind))
    @Post(`${one}/revoke`)
    async revoke(
      @Param(parameter) name: string,
      @Req() request: AdminRequest,
      @Res() response: ObservedResponse,
    ): Promise<void> {
      send(response, await this.subjects.revoke(kind, name, request, response));
    }

    @All()
    otherListMethod(): never {
      throw new MethodNotAllowed('GET, HEAD, POST');
    }

    @All(one)
    otherMethod(): never {
      throw new MethodNotAllowed('GET, HEAD, PATCH, DELETE');
    }

    @All(`${one}/revoke`)
    otherRevocationMethod(): never {
      throw new MethodNotAllowed('POST');
    }
  }

  return OfKind;
}
