import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { TokenKeyStore } from '../../domain/token-key.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { isoTime } from '../iso-time.js';
import { AdminGuard, type AdminRequest, callerOf, requireRoot } from '../admin.guard.js';
import { Turns } from '../turns.js';
import { showImportedTokens } from './imported-tokens.openapi.js';

/** Until when tokens that another server issued may live. It is kept for all realms together, so the root realm's callers alone see it. */
@Controller('admin/v1/imported-tokens')
@UseGuards(AdminGuard)
export class ImportedTokensController {
  constructor(
    private readonly keys: TokenKeyStore,
    private readonly turns: Turns,
    private readonly clock: Clock,
  ) {}

  @Documented(showImportedTokens)
  @Get()
  async show(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    new AdminQuery(request, []);
    requireRoot(callerOf(request));
    const { foreignTokens, foreignTokensUntil } = await this.turns.take(() =>
      this.keys.read(this.clock.now()),
    );
    const until = isoTime(foreignTokensUntil);
    send(response, adminReply(request, { active: foreignTokens, until }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
