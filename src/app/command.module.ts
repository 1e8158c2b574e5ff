import { type DynamicModule, Module } from '@nestjs/common';
import { CoreModule, type CoreOptions } from './core.module.js';

/** What a command of the command line is: the core alone. It does not wait for a database that is away. */
@Module({})
export class CommandModule {
  static of(options: Omit<CoreOptions, 'connectRetries'>): DynamicModule {
    return { module: CommandModule, imports: [CoreModule.of({ ...options, connectRetries: 0 })] };
  }
}
