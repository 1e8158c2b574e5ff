import { Module } from '@nestjs/common';
import { StandardErrorFilter } from '../response/oauth-error.filter.js';
import { ServerMetadata } from '../metadata/server-metadata.js';
import { TokenController } from './token.controller.js';

@Module({ controllers: [TokenController], providers: [StandardErrorFilter] })
export class TokenModule {
  constructor(metadata: ServerMetadata) {
    metadata.register('token_endpoint', 'access_token', [
      'client_secret_basic',
      'client_secret_post',
      'none',
    ]);
  }
}
