import { Module } from '@nestjs/common';
import { ServerMetadata } from '../metadata/server-metadata.js';
import { AuthorizeController, AxwayAuthorizeController } from './authorize.controller.js';
import { LogoutController } from './logout.controller.js';

@Module({ controllers: [AuthorizeController, AxwayAuthorizeController, LogoutController] })
export class AuthorizeModule {
  constructor(metadata: ServerMetadata) {
    metadata.registerAuthorization('authorize');
  }
}
