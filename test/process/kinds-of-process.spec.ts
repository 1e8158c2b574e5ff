import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandModule } from '../../src/app/command.module.js';
import { ServerModule } from '../../src/app/server.module.js';
import { readConfig } from '../../src/config/config.js';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import { TokenService } from '../../src/domain/token.service.js';
import { HealthController } from '../../src/http/health/health.controller.js';
import { TokenController } from '../../src/http/token/token.controller.js';
import { ForgeRockTokenInfoController } from '../../src/http/tokeninfo/forgerock/forgerock.controller.js';
import { ChangeListening } from '../../src/jobs/change-listening.js';
import { TokenKeyReloader } from '../../src/jobs/token-key-reloader.js';
import { PurgeScheduler } from '../../src/jobs/purge-scheduler.js';
import { createLog, NestLog } from '../../src/observability/log.js';
import { joinOrStartEmbedded } from '../../src/storage/embedded/embedded-database.js';
import { createDatabase } from '../support/database.js';

const controllers = [HealthController, TokenController, ForgeRockTokenInfoController];
const jobs = [ChangeListening, TokenKeyReloader, PurgeScheduler];

/** Which of these parts a process of this kind has, and whether it uses its cache. */
async function partsOf(kind: typeof CommandModule | typeof ServerModule) {
  const own = await createDatabase();
  const config = readConfig({ CONFIG_FILE: 'test', PURGE_INTERVAL: '0', ...own.settings });
  const log = createLog('fatal', process.stderr);
  const { database } = config;
  const embedded = database.kind === 'embedded' ? await joinOrStartEmbedded(database.dataDir) : undefined;
  const context = await NestFactory.createApplicationContext(kind.of({ config, log, embedded }), {
    logger: new NestLog(log),
    abortOnError: false,
  });
  try {
    const has = (part: (typeof controllers | typeof jobs)[number]) => {
      try {
        return context.get<unknown>(part, { strict: false }) !== undefined;
      } catch {
        return false;
      }
    };
    return {
      tokens: context.get(TokenService) instanceof TokenService,
      controllers: controllers.filter(has),
      jobs: jobs.filter(has),
      current: context.get(ChangeFeed).isCurrent(performance.now()),
    };
  } finally {
    await context.close();
    await embedded?.close();
    await own.drop();
  }
}

it('a command has the token service, but no controller and no job, and does not use its cache', async () => {
  expect(await partsOf(CommandModule)).toEqual({ tokens: true, controllers: [], jobs: [], current: false });
});

it('a server has the token service, all controllers and all jobs', async () => {
  expect(await partsOf(ServerModule)).toMatchObject({ tokens: true, controllers, jobs });
});
