import { All, Controller, Delete, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminGuard, type AdminRequest } from '../admin.guard.js';
import { SecretRequests } from './secret-requests.js';
import { endSecret, listSecrets, rotateSecret } from './secrets.openapi.js';

/** The secrets of a client: the current one, and the previous one that it has replaced. */
@Controller('admin/v1/clients/:id/secrets')
@UseGuards(AdminGuard)
export class SecretsController {
  constructor(private readonly secrets: SecretRequests) {}

  @Documented(listSecrets)
  @Get()
  async list(
    @Param('id') clientId: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.secrets.list(clientId, request));
  }

  @Documented(rotateSecret)
  @Post()
  async rotate(
    @Param('id') clientId: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.secrets.rotate(clientId, request, response));
  }

  @Documented(endSecret)
  @Delete(':secret')
  async end(
    @Param('id') clientId: string,
    @Param('secret') secret: string,
    @Req() request: AdminRequest,
    @Res() response: ObservedResponse,
  ): Promise<void> {
    send(response, await this.secrets.end(clientId, secret, request, response));
  }

  @All()
  otherListMethod(): never {
    throw new MethodNotAllowed('GET, HEAD, POST');
  }

  @All(':secret')
  otherMethod(): never {
    throw new MethodNotAllowed('DELETE');
  }
}
