import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import request from 'supertest';
import type { Server } from 'node:http';
import { CoreModule } from '../../src/app/core.module.js';
import { AccessTokenStore } from '../../src/domain/access-token.js';
import { ChangeFeed } from '../../src/domain/change-feed.js';
import { Directory } from '../../src/domain/directory.js';
import { TokenService } from '../../src/domain/token.service.js';
import { HttpAdapter } from '../../src/http/http-adapter.js';
import { jsonReply, type ObservedResponse, send } from '../../src/http/response/reply.js';
import { NestLog, LOGGER } from '../../src/observability/log.js';
import { type ObservedRequest, RequestObservers } from '../../src/observability/request-observer.js';
import { Database } from '../../src/storage/postgres/database.js';
import { TestApp } from '../support/app.js';

/** A route of a second listener, answered by a service of the first one's core. */
@Controller('second/status')
class StatusController {
  constructor(private readonly tokens: TokenService) {}

  @Get()
  async show(@Res() response: ObservedResponse): Promise<void> {
    const { status } = await this.tokens.inspect(presented, () => true);
    send(response, jsonReply(200, [['status', status]]));
  }
}

@Module({ controllers: [StatusController] })
class SecondModule {}

const presented = 'token-of-both';

let app: TestApp;
beforeAll(async () => {
  app = await TestApp.start();
});
afterAll(() => app.stop());

it('serves a second listener from the core of the first, which goes on when the second one stops', async () => {
  const now = app.clock.now();
  await app.storeToken(presented, {
    realm: '/',
    clientId: 'SampleConfidentialApp',
    username: 'admin',
    scope: ['resource.READ'],
    grantType: 'password',
    authLevel: 0,
    issuedAt: now,
    expiresAt: now + 60_000,
  });
  const observed: ObservedRequest[] = [];
  const observers = new RequestObservers([{ observe: (seen) => observed.push(seen) }], app.nest.get(LOGGER));
  const second = await NestFactory.create(
    { module: SecondModule, imports: [CoreModule.sharedBy(app.nest)] },
    new HttpAdapter(observers, { basePrefix: '', keepAliveTimeout: 65 }),
    { bodyParser: false, logger: new NestLog(app.nest.get(LOGGER)), abortOnError: false },
  );
  await second.listen(0, '127.0.0.1');

  // One pool, one cache, one feed: the instances are the same, and nothing was connected for the second.
  for (const token of [Database, AccessTokenStore, Directory, ChangeFeed, TokenService]) {
    expect(second.get(token)).toBe(app.nest.get(token));
  }
  expect(() => second.get(DataSource)).toThrow('could not find DataSource');

  const url = second.getHttpServer() as Server;
  await request(url).get('/second/status').expect(200, { status: 'active' });
  expect(observed).toMatchObject([{ method: 'GET', route: '/second/status', status: 200, complete: true }]);
  await request(url).get('/api/oauth/tokeninfo').expect(404);
  await request(app.server).get('/second/status').expect(404);

  await second.close();
  expect(app.nest.get(Database).dataSource.isInitialized).toBe(true);
  await request(app.server).get(`/api/oauth/tokeninfo?access_token=${presented}`).expect(200);
});
