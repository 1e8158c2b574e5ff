import { All, Controller, Post, Req, Res } from '@nestjs/common';
import { AdminCode } from '../../domain/admin-code.js';
import { formatScope } from '../../domain/scope.js';
import { CallerAddresses } from '../../http/request/caller-address.js';
import type { LocatedRequest } from '../../http/request/located-request.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { AdminQuery } from '../admin-query.js';
import { openReply } from '../admin-reply.js';
import { isoTime } from '../iso-time.js';
import { readJsonBody } from '../json-body.js';
import { badMember } from '../problem.js';
import { Documented } from '../../openapi/operation.js';
import { exchangeCode } from './login.openapi.js';

/** Exchanges the code that the demo shows for an admin token. The code is the credential, so there is no guard. */
@Controller('admin/v1/login')
export class LoginController {
  constructor(
    private readonly code: AdminCode,
    private readonly addresses: CallerAddresses,
  ) {}

  @Documented(exchangeCode)
  @Post()
  async exchange(@Req() request: LocatedRequest, @Res() response: ObservedResponse): Promise<void> {
    new AdminQuery(request, []);
    const code = (await readJsonBody(request, ['code'])).text('code');
    if (code === undefined) throw badMember('/code', 'is missing');
    const { correlationId } = response;
    const actor = { kind: 'system', name: '', correlationId, address: this.addresses.of(request) } as const;
    const token = await this.code.exchange(code, actor);
    if (!token) throw badMember('/code', 'is unknown, was used, or is older than 5 minutes');
    const { value, realm, scope, expiresAt } = token;
    const body = {
      access_token: value,
      token_type: 'Bearer',
      realm,
      scope: formatScope(scope),
      expires_at: isoTime(expiresAt),
    };
    send(response, openReply(body, { realm }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('POST');
  }
}
