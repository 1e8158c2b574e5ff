import type { INestApplicationContext, Type, Abstract } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { receivesChanges } from '../config/database-config.js';
import { isLoopback } from '../config/issuer.js';
import { AuditLog } from '../domain/audit.js';
import { Clock, SystemClock } from '../domain/clock.js';
import { DirectoryWriter } from '../domain/directory-writer.js';
import { type Check, fail } from '../domain/doctor/check.js';
import {
  clientSecretsCheck,
  insecureRedirectsCheck,
  passwordGrantCheck,
} from '../domain/doctor/clients.check.js';
import { Doctor, type DoctorOptions } from '../domain/doctor/doctor.js';
import { adminListenerCheck, demoCheck, type Exposure } from '../domain/doctor/exposure.check.js';
import { passwordHashesCheck } from '../domain/doctor/password-hashes.check.js';
import { purgeCheck } from '../domain/doctor/purge.check.js';
import { clientsNamedLikeUsersCheck, sharedNamesCheck } from '../domain/doctor/shared-names.check.js';
import { tokenKeysCheck } from '../domain/doctor/token-keys.check.js';
import { urlTokensCheck } from '../domain/doctor/url-tokens.check.js';
import { PasswordForms } from '../domain/password-forms.js';
import { NodeRoster } from '../domain/roster.js';
import { TokenKeyStore } from '../domain/token-key.js';
import { TokenStatisticsSource } from '../domain/token-statistics.js';
import { TrafficStore } from '../domain/traffic.js';
import { Database } from '../storage/postgres/database.js';
import { changeFeedCheck } from '../storage/postgres/doctor/change-feed.check.js';
import { clockCheck } from '../storage/postgres/doctor/clock.check.js';
import { connectionsCheck } from '../storage/postgres/doctor/connections.check.js';
import { deadRowsCheck } from '../storage/postgres/doctor/dead-rows.check.js';
import { indexesCheck } from '../storage/postgres/doctor/indexes.check.js';
import { migrationsCheck, schemaIsBehind } from '../storage/postgres/doctor/migrations.check.js';
import { privilegesCheck } from '../storage/postgres/doctor/privileges.check.js';
import { serverCheck } from '../storage/postgres/doctor/server.check.js';
import { PostgresSubjectSurvey } from '../storage/postgres/doctor/subject-survey.js';
import { describeStartError } from './start-error.js';
import { TokenCluster } from './token-cluster.js';

/** What an application's doctor is told from outside. */
type Surroundings = Pick<DoctorOptions, 'inTurn' | 'onFault'>;

/** The doctor of an application. @param config the settings that it examines */
export function createDoctor(
  context: INestApplicationContext,
  config: Config,
  surroundings: Surroundings,
): Doctor {
  const database = context.get(Database, { strict: false });
  return new Doctor(
    {
      checks: [
        ...storeChecks(context, config),
        ...directoryChecks(context, config),
        ...settingChecks(config),
      ],
      schemaIsBehind: () => schemaIsBehind(database),
      ...surroundings,
    },
    context.get(Clock, { strict: false }),
  );
}

/** The doctor of an application that could not be opened. @param error why */
export function createDoctorWithoutStores(config: Config, error: unknown): Doctor {
  const found = fail(describeStartError(error), 'mend this first: what needs the database is not examined');
  return new Doctor(
    {
      checks: [{ name: 'postgresql', run: async () => found }, ...settingChecks(config)],
      schemaIsBehind: async () => false,
      inTurn: (work) => work(),
      onFault: (fault) => {
        throw fault;
      },
    },
    new SystemClock(),
  );
}

/** What of PostgreSQL and of Cassandra may be wrong. */
function storeChecks(context: INestApplicationContext, config: Config): Check[] {
  const get = <Part>(token: Type<Part> | Abstract<Part>) => context.get(token, { strict: false });
  const { database: settings, workers } = config;
  const [database, clock] = [get(Database), get(Clock)];
  const connections = {
    pool: settings.kind === 'server' ? settings.poolSize : 1,
    workers,
    pooled: settings.kind === 'server' && settings.pooler === 'transaction',
  };
  return [
    serverCheck(database),
    migrationsCheck(database),
    privilegesCheck(database),
    clockCheck(database, clock),
    changeFeedCheck(database, clock, receivesChanges(settings)),
    connectionsCheck(database, get(NodeRoster), clock, connections),
    indexesCheck(database),
    deadRowsCheck(database),
    ...get(TokenCluster).checks(config.cassandra),
    purgeCheck(get(TokenStatisticsSource), clock, config.purgeInterval > 0),
  ];
}

/** What of the keys and of the registered clients and users may be wrong. */
function directoryChecks(context: INestApplicationContext, config: Config): Check[] {
  const get = <Part>(token: Type<Part> | Abstract<Part>) => context.get(token, { strict: false });
  const { tokenInfo, operations } = config;
  const [clock, writer] = [get(Clock), get(DirectoryWriter)];
  const survey = new PostgresSubjectSurvey(get(Database));
  return [
    tokenKeysCheck(get(TokenKeyStore), get(AuditLog), clock),
    clientSecretsCheck(survey, clock),
    passwordGrantCheck(survey),
    insecureRedirectsCheck(writer),
    passwordHashesCheck(survey, get(PasswordForms)),
    sharedNamesCheck(writer, tokenInfo.axwayRealms),
    clientsNamedLikeUsersCheck(writer, tokenInfo.axwayRealms),
    urlTokensCheck(get(TrafficStore), clock, operations.monitoring.count !== 'off'),
  ];
}

function settingChecks({ host, demo, tls, operations: { admin } }: Config): Check[] {
  const exposure: Exposure = {
    admin: !admin ? 'off' : isLoopback(admin.host) ? 'local' : tls ? 'tls' : 'clear',
    demo: !demo ? 'off' : isLoopback(host) ? 'local' : 'open',
  };
  return [adminListenerCheck(exposure), demoCheck(exposure)];
}
