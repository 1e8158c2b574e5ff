import { Module } from '@nestjs/common';
import { ServerMetadata } from '../metadata/server-metadata.js';
import { RevocationController } from './revocation.controller.js';

@Module({ controllers: [RevocationController] })
export class RevocationModule {
  constructor(metadata: ServerMetadata) {
    metadata.register('revocation_endpoint', 'revoke', ['client_secret_basic', 'client_secret_post', 'none']);
  }
}
