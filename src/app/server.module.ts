import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthorizeModule } from '../http/authorize/authorize.module.js';
import { HealthModule } from '../http/health/health.module.js';
import { IntrospectionModule } from '../http/introspection/introspection.module.js';
import { MetadataModule } from '../http/metadata/metadata.module.js';
import { StandardErrorFilter } from '../http/response/oauth-error.filter.js';
import { RevocationModule } from '../http/revocation/revocation.module.js';
import { TokenModule } from '../http/token/token.module.js';
import { TokenInfoModule } from '../http/tokeninfo/tokeninfo.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { MonitoringModule } from '../monitoring/monitoring.module.js';
import { CoreModule, type CoreOptions } from './core.module.js';
import { httpProviders } from './http-providers.js';
import { metricsProviders, type MetricsOptions } from './metrics-providers.js';
import { monitoringProviders } from './monitoring-providers.js';

/** A server waits for its database at the start. */
const connectAttempts = 5;

/** Answers errors that no flavour's own filter handles. */
const errorFilter: Provider = { provide: APP_FILTER, useClass: StandardErrorFilter };

/** The module of a server: the core, the public listener's controllers, monitoring, and the jobs. */
@Global()
@Module({})
export class ServerModule {
  static of(options: Omit<CoreOptions, 'connectAttempts'> & MetricsOptions): DynamicModule {
    const { config, log } = options;
    const providers = [
      ...httpProviders(config, log),
      ...monitoringProviders(config),
      ...metricsProviders(config, options),
    ];
    return {
      module: ServerModule,
      imports: [
        CoreModule.of({ ...options, connectAttempts }),
        AuthorizeModule,
        TokenModule,
        RevocationModule,
        IntrospectionModule,
        TokenInfoModule,
        MetadataModule.of(config.openIdConfiguration),
        HealthModule,
        JobsModule,
        MonitoringModule,
      ],
      providers: [...providers, errorFilter],
      exports: providers.map(({ provide }) => provide),
    };
  }
}
