import { Module } from '@nestjs/common';
import { AxwayErrorFilter, AxwayTokenInfoController } from './axway/axway.controller.js';
import { ForgeRockErrorFilter, ForgeRockTokenInfoController } from './forgerock/forgerock.controller.js';
import { RealmHint } from './forgerock/realm-hint.js';

@Module({
  controllers: [AxwayTokenInfoController, ForgeRockTokenInfoController],
  providers: [AxwayErrorFilter, ForgeRockErrorFilter, RealmHint],
})
export class TokenInfoModule {}
