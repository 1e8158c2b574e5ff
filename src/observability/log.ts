import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';

/** Injection token of the process's logger. */
export const LOGGER = Symbol('Logger');

/** A log: one JSON object a line. */
export function createLog(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** Nest's classes that throw every error that they log, so that the process says why it ends. */
const throwing: readonly unknown[] = ['ExceptionHandler', 'NestApplication'];

/** Lets Nest and its modules write to our log, but only warnings and errors. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(): void {}

  warn(message: unknown): void {
    this.logger.warn(text(message));
  }

  /**
   * Leaves out the stack and the parameters that Nest passes: they may quote what a caller sent.
   * @param parameters the last one is the class that logs
   */
  error(message: unknown, ...parameters: unknown[]): void {
    if (!throwing.includes(parameters.at(-1))) this.logger.error(text(message));
  }
}

function text(message: unknown): string {
  return message instanceof Error ? message.name : String(message);
}
