import {
  type DynamicModule,
  Global,
  type INestApplicationContext,
  Module,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessDenials } from '../admin/access-denials.js';
import { AdminAuthenticator } from '../admin/admin-authenticator.js';
import { AuditController } from '../admin/audit/audit.controller.js';
import { CallerController } from '../admin/caller/caller.controller.js';
import { Cursors } from '../admin/cursor.js';
import { DashboardController } from '../admin/dashboard/dashboard.controller.js';
import { DashboardFiles } from '../admin/dashboard/dashboard-files.js';
import { ImportedTokensController } from '../admin/imported-tokens/imported-tokens.controller.js';
import { LoginController } from '../admin/login/login.controller.js';
import { MetricsController } from '../admin/metrics/metrics.controller.js';
import { MonitoringController } from '../admin/monitoring/monitoring.controller.js';
import { NodesController } from '../admin/nodes/nodes.controller.js';
import { Pager } from '../admin/pager.js';
import { ProblemFilter } from '../admin/problem.filter.js';
import { RefusalsController } from '../admin/refusals/refusals.controller.js';
import { TokensController } from '../admin/tokens/tokens.controller.js';
import { Turns } from '../admin/turns.js';
import { dashboardFolder } from '../config/version.js';
import { AuditLog } from '../domain/audit.js';
import { Clock } from '../domain/clock.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenService } from '../domain/token.service.js';
import { HealthController } from '../http/health/health.controller.js';
import { Readiness } from '../http/health/readiness.js';
import { CallerAddresses } from '../http/request/caller-address.js';
import { MetricsPage } from '../monitoring/metrics-page.js';
import { Faults } from '../observability/faults.js';
import { CoreModule } from './core.module.js';
import { construct, provide } from './providers.js';

const providers: Provider[] = [
  construct(Turns),
  provide(DashboardFiles, [], () => new DashboardFiles(dashboardFolder())),
  construct(Cursors, TokenKeyStore, Clock),
  construct(Pager, Cursors, Turns),
  construct(AccessDenials, AuditLog, Clock, Faults),
  construct(AdminAuthenticator, TokenService, AccessDenials, CallerAddresses),
  { provide: APP_FILTER, inject: [Faults], useFactory: (faults: Faults) => new ProblemFilter(faults) },
];

/** The module of the operator's listener: the core of a running server, and the controllers on it. */
@Global()
@Module({})
export class AdminModule {
  /** @param server has the core, and what is the same for both listeners */
  static of(server: INestApplicationContext): DynamicModule {
    const shared = [Readiness, Faults, MetricsPage, CallerAddresses].map((token) => ({
      provide: token,
      useValue: server.get<unknown>(token, { strict: false }),
    }));
    return {
      module: AdminModule,
      imports: [CoreModule.sharedBy(server)],
      controllers: [
        HealthController,
        MetricsController,
        MonitoringController,
        RefusalsController,
        AuditController,
        NodesController,
        TokensController,
        ImportedTokensController,
        CallerController,
        LoginController,
        DashboardController,
      ],
      providers: [...shared, ...providers],
    };
  }
}
