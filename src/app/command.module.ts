import { type DynamicModule, Module } from '@nestjs/common';
import { CoreModule, type CoreOptions } from './core.module.js';

/** The module of a command-line command: the core alone. It does not wait for an unreachable database. */
@Module({})
export class CommandModule {
  static of(options: Omit<CoreOptions, 'connectAttempts'>): DynamicModule {
    return { module: CommandModule, imports: [CoreModule.of({ ...options, connectAttempts: 1 })] };
  }
}
