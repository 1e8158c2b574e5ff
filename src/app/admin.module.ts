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
import { ClientsController } from '../admin/clients/clients.controller.js';
import { Cursors } from '../admin/cursor.js';
import { DocumentationController } from '../admin/documentation/documentation.controller.js';
import { DocumentationFiles } from '../admin/documentation/documentation-files.js';
import { DoctorController } from '../admin/doctor/doctor.controller.js';
import { inDoctorsTurn } from '../admin/doctors-turn.js';
import { KeysController } from '../admin/keys/keys.controller.js';
import { CallerController } from '../admin/caller/caller.controller.js';
import { DashboardController } from '../admin/dashboard/dashboard.controller.js';
import { DashboardFiles } from '../admin/dashboard/dashboard-files.js';
import { ImportedTokensController } from '../admin/imported-tokens/imported-tokens.controller.js';
import { LoginController } from '../admin/login/login.controller.js';
import { MetricsController } from '../admin/metrics/metrics.controller.js';
import { MonitoringController } from '../admin/monitoring/monitoring.controller.js';
import { NodesController } from '../admin/nodes/nodes.controller.js';
import { Pager } from '../admin/pager.js';
import { ProblemFilter } from '../admin/problem.filter.js';
import { RealmsController } from '../admin/realms/realms.controller.js';
import { RefusalsController } from '../admin/refusals/refusals.controller.js';
import { SearchController } from '../admin/search/search.controller.js';
import { SecretRequests } from '../admin/secrets/secret-requests.js';
import { SecretsController } from '../admin/secrets/secrets.controller.js';
import { SubjectRequests } from '../admin/subjects/subject-requests.js';
import { ExplainController } from '../admin/tokens/explain.controller.js';
import { RevokeController } from '../admin/tokens/revoke.controller.js';
import { SettingsController } from '../admin/settings/settings.controller.js';
import { TokensController } from '../admin/tokens/tokens.controller.js';
import { Turns } from '../admin/turns.js';
import { UsersController } from '../admin/users/users.controller.js';
import { builtFolder } from '../config/version.js';
import { type Config, CONFIG } from '../config/config.js';
import { AuditLog } from '../domain/audit.js';
import { ClientSecrets } from '../domain/client-secrets.js';
import { Clock } from '../domain/clock.js';
import { SubjectRecords } from '../domain/subject-records.js';
import { Doctor } from '../domain/doctor/doctor.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenService } from '../domain/token.service.js';
import { HealthController } from '../http/health/health.controller.js';
import { Readiness } from '../http/health/readiness.js';
import { CallerAddresses } from '../http/request/caller-address.js';
import { MetricsPage } from '../monitoring/metrics-page.js';
import { Faults } from '../observability/faults.js';
import { Registrar } from '../provisioning/registrar.js';
import { CoreModule } from './core.module.js';
import { createDoctor } from './doctor.js';
import { construct, provide } from './providers.js';

const providers: Provider[] = [
  construct(Turns),
  provide(DocumentationFiles, [], () => new DocumentationFiles(builtFolder('documentation'))),
  provide(DashboardFiles, [], () => new DashboardFiles(builtFolder('ui'))),
  construct(Cursors, TokenKeyStore, Clock),
  construct(Pager, Cursors, Turns),
  construct(SubjectRequests, SubjectRecords, Registrar, Pager, Turns, CallerAddresses),
  construct(SecretRequests, ClientSecrets, Turns, CallerAddresses),
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
        DoctorController,
        KeysController,
        SettingsController,
        TokensController,
        ExplainController,
        RevokeController,
        RealmsController,
        ClientsController,
        UsersController,
        SearchController,
        DocumentationController,
        SecretsController,
        ImportedTokensController,
        CallerController,
        LoginController,
        DashboardController,
      ],
      providers: [...shared, ...providers, doctorOf(server)],
    };
  }
}

/** The doctor of a running server: its checks take turns with the requests that read the database. */
function doctorOf(server: INestApplicationContext): Provider {
  return provide(Doctor, [Turns, Faults], (turns, faults) =>
    createDoctor(server, server.get<Config>(CONFIG, { strict: false }), {
      inTurn: (check) => inDoctorsTurn(turns, check),
      onFault: (error) => faults.note(error),
    }),
  );
}
