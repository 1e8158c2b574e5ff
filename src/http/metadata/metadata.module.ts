import { type DynamicModule, Module } from '@nestjs/common';
import { MetadataController, OpenIdConfigurationController } from './metadata.controller.js';

@Module({ controllers: [MetadataController] })
export class MetadataModule {
  /** @param openIdConfiguration whether the metadata are served where clients of OpenID Connect look, too */
  static of(openIdConfiguration: boolean): DynamicModule {
    return {
      module: MetadataModule,
      controllers: openIdConfiguration ? [OpenIdConfigurationController] : [],
    };
  }
}
