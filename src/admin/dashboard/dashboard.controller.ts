import { All, Controller, Get, Param, Res } from '@nestjs/common';
import { MethodNotAllowed } from '../../http/response/refusal.js';
import { type ObservedResponse, send } from '../../http/response/reply.js';
import { Documented } from '../../openapi/operation.js';
import { notFound } from '../problem.js';
import { DashboardFiles } from './dashboard-files.js';
import { showAsset, showDashboard } from './dashboard.openapi.js';

/** The paths of the dashboard's pages, as `ui/src/pages.ts` has them. All are one file, whose program reads the path. */
const pages = [
  '',
  'traffic',
  'refusals',
  'legacy',
  'clients',
  'users',
  'realms',
  'tokens',
  'audit',
  'system',
];

/** The dashboard: a program for browsers, which asks the routes below `/admin/v1` with its user's token. */
@Controller()
export class DashboardController {
  constructor(private readonly files: DashboardFiles) {}

  @Documented(showDashboard)
  @Get(pages)
  page(@Res() response: ObservedResponse): void {
    send(response, this.files.page);
  }

  @Documented(showAsset)
  @Get('assets/:name')
  asset(@Param('name') name: string, @Res() response: ObservedResponse): void {
    const asset = this.files.asset(name);
    if (!asset) throw notFound();
    send(response, asset);
  }

  @All([...pages, 'assets/:name'])
  otherMethod(): never {
    throw new MethodNotAllowed('GET, HEAD');
  }
}
