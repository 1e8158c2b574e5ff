import { Module } from '@nestjs/common';
import { ServerMetadata } from '../metadata/server-metadata.js';
import { TokenController } from './token.controller.js';

@Module({ controllers: [TokenController] })
export class TokenModule {
  constructor(metadata: ServerMetadata) {
    metadata.register('token_endpoint', 'access_token', [
      'client_secret_basic',
      'client_secret_post',
      'none',
    ]);
  }
}
