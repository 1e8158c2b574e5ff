import { type DynamicModule, Module } from '@nestjs/common';
import { CoreModule, type CoreOptions } from './core.module.js';

/**
 * The module of a command-line command: the core alone. It does not wait for an unreachable database, and has no
 * cache, because it does not receive the changes of other nodes.
 */
@Module({})
export class CommandModule {
  static of(options: Omit<CoreOptions, 'connectAttempts'>): DynamicModule {
    const config = { ...options.config, cache: { ...options.config.cache, entries: 0 } };
    return { module: CommandModule, imports: [CoreModule.of({ ...options, config, connectAttempts: 1 })] };
  }
}
