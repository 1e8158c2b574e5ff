import { All, Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { type ListedKey, listKeys } from '../../domain/listed-key.js';
import { TokenKeyStore, TooManyTokenKeys } from '../../domain/token-key.js';
import { CallerAddresses } from '../../http/request/caller-address.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { actorOf } from '../actor.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf, requireRoot } from '../admin.guard.js';
import { keyMembers } from '../key-view.js';
import { Problem } from '../problem.js';
import { Turns } from '../turns.js';
import { listTokenKeys, rotateTokenKeys } from './keys.openapi.js';

/** The keys that tag tokens, without their secrets. They belong to no realm, so the root realm's callers alone see them. */
@Controller('admin/v1/keys')
@UseGuards(AdminGuard)
export class KeysController {
  constructor(
    private readonly keys: TokenKeyStore,
    private readonly turns: Turns,
    private readonly clock: Clock,
    private readonly addresses: CallerAddresses,
  ) {}

  @Documented(listTokenKeys)
  @Get()
  async list(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    new AdminQuery(request, []);
    requireRoot(callerOf(request));
    const keys = await this.turns.take(() => this.read());
    send(response, adminReply(request, { items: keys.map(keyMembers) }));
  }

  /** Publishes a new key, and answers it. A body is not read. */
  @Documented(rotateTokenKeys)
  @Post('rotate')
  async rotate(@Req() request: AdminRequest, @Res() response: ObservedResponse): Promise<void> {
    new AdminQuery(request, []);
    requireRoot(callerOf(request));
    const actor = actorOf(request, response, this.addresses);
    const key = await this.turns.take(async () => {
      const signsFrom = await this.keys.rotate(this.clock.now(), actor).catch(refuse);
      return (await this.read()).find((known) => known.signsFrom === signsFrom);
    });
    if (!key) throw new Error('The new key is not stored.');
    send(response, adminReply(request, keyMembers(key)));
  }

  @All('rotate')
  otherMethodOfRotate(): never {
    throw new MethodNotAllowed('POST');
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }

  private async read(): Promise<ListedKey[]> {
    const now = this.clock.now();
    return listKeys(await this.keys.read(now), now);
  }
}

/** @throws Problem 409 where there are as many keys as there may be */
function refuse(error: unknown): never {
  if (!(error instanceof TooManyTokenKeys)) throw error;
  throw new Problem('conflict', 'There are as many keys as are kept at most, and all of them are needed.');
}
