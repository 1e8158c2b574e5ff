import { All, Controller, Get, Inject, Req, Res, UseGuards } from '@nestjs/common';
import { type Config, CONFIG } from '../../config/config.js';
import { type DescribedSetting, describeSettings } from '../../config/described-settings.js';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { AdminQuery } from '../admin-query.js';
import { adminReply } from '../admin-reply.js';
import { AdminGuard, type AdminRequest, callerOf, requireRoot } from '../admin.guard.js';
import { listSettings } from './settings.openapi.js';

/** The settings of this process. They belong to no realm, so the root realm's callers alone see them. */
@Controller('admin/v1/settings')
@UseGuards(AdminGuard)
export class SettingsController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Documented(listSettings)
  @Get()
  list(@Req() request: AdminRequest, @Res() response: ObservedResponse): void {
    new AdminQuery(request, []);
    requireRoot(callerOf(request));
    const items = describeSettings(this.config.environment).map(settingMembers);
    send(response, adminReply(request, { items }));
  }

  @All()
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}

/** A setting as the wire has it. */
function settingMembers({ name, value, fallback, from, secret, unit, meaning }: DescribedSetting): object {
  return { name, value, default: fallback, set: from !== 'default', from, secret, unit, meaning };
}
