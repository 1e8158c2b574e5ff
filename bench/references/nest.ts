import 'reflect-metadata';
import type { Server } from 'node:http';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RecordedAnswer } from '../connection.js';
import { listen } from './listen.js';

const { body } = JSON.parse(process.argv[2]) as RecordedAnswer;
const tokenInfo = JSON.parse(body) as object;

/** What the framework costs: the same JSON from a controller that does nothing. */
@Controller()
class TokenInfoController {
  @Get(['oauth2/tokeninfo', 'api/oauth/tokeninfo'])
  get(): object {
    return tokenInfo;
  }

  @Post('api/oauth/tokeninfo')
  @HttpCode(200)
  post(): object {
    return tokenInfo;
  }
}

@Module({ controllers: [TokenInfoController] })
class ReferenceModule {}

const app = await NestFactory.create(ReferenceModule, { logger: false });
await app.init();
listen(app.getHttpServer() as Server);
