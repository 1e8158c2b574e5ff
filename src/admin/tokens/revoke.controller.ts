import { All, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import { TokenRevoker } from '../../domain/token-revoker.js';
import { CallerAddresses } from '../../http/request/caller-address.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { actorOf } from '../actor.js';
import { adminReply } from '../admin-reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminGuard, type AdminRequest, callerOf } from '../admin.guard.js';
import { notFound } from '../problem.js';
import { Turns } from '../turns.js';
import { revocationTarget } from './revoke.request.js';
import { revokedView } from './user-token.view.js';
import { revokeTokens } from './user-tokens.openapi.js';

/** Ends one access token, or a family of refresh tokens with all of its access tokens. */
@Controller('admin/v1/tokens/revoke')
@UseGuards(AdminGuard)
export class RevokeController {
  constructor(
    private readonly revoker: TokenRevoker,
    private readonly addresses: CallerAddresses,
    private readonly turns: Turns,
  ) {}

  @Documented(revokeTokens)
  @Post()
  async revoke(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const target = await revocationTarget(request);
    const by = { actor: actorOf(request, response, this.addresses), within: callerOf(request).realm };
    const revoked = await this.turns.take(() => this.revoker.revoke(target, by));
    if (!revoked) throw notFound();
    send(response, adminReply(request, revokedView(revoked)));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('POST');
  }
}
