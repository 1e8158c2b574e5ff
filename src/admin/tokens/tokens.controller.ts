import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { UserTokens } from '../../domain/user-tokens.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminGuard, type AdminRequest, callerOf } from '../admin.guard.js';
import { Pager, pageParameters } from '../pager.js';
import { badParameter } from '../problem.js';
import { realmOf } from '../subjects/subject-target.js';
import { userTokenView } from './user-token.view.js';
import { listUserTokens } from './user-tokens.openapi.js';

/** The access tokens of a user. There is no list of those of a client: it would cost each of them an index entry. */
@Controller('admin/v1/tokens')
@UseGuards(AdminGuard)
export class TokensController {
  constructor(
    private readonly tokens: UserTokens,
    private readonly pager: Pager,
  ) {}

  @Documented(listUserTokens)
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    const query = new AdminQuery(request, [...pageParameters, 'realm', 'username']);
    const caller = callerOf(request);
    const username = query.text('username');
    if (username === undefined || username === '') throw badParameter('username', 'is missing');
    const realm = realmOf(query, 'realm', caller);
    const filters = { within: caller.realm, realm, username };
    const page = await this.pager.placed(query, { list: 'tokens', filters }, async (part) => {
      const { tokens, last } = await this.tokens.list(realm, username, part);
      return { items: tokens, last };
    });
    send(response, adminReply(request, { ...page, items: page.items.map(userTokenView) }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
