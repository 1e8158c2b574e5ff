import { Module } from '@nestjs/common';
import { AxwayErrorFilter, AxwayTokenInfoController } from './axway/axway.controller.js';
import { ForgeRockErrorFilter, ForgeRockTokenInfoController } from './forgerock/forgerock.controller.js';

@Module({
  controllers: [AxwayTokenInfoController, ForgeRockTokenInfoController],
  providers: [AxwayErrorFilter, ForgeRockErrorFilter],
})
export class TokenInfoModule {}
