import { Module } from '@nestjs/common';
import { StandardErrorFilter } from '../response/oauth-error.filter.js';
import { ServerMetadata } from '../metadata/server-metadata.js';
import { IntrospectionController } from './introspection.controller.js';

@Module({ controllers: [IntrospectionController], providers: [StandardErrorFilter] })
export class IntrospectionModule {
  constructor(metadata: ServerMetadata) {
    metadata.register('introspection_endpoint', 'introspect', [
      'client_secret_basic',
      'client_secret_post',
      'Bearer',
    ]);
  }
}
