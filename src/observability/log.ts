import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';

/** The process's log: one JSON object a line, to standard output unless told otherwise. */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Logger {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** A line is written while requests go on; those that come meanwhile are written together. None is lost by an exit. */
function standardOutput(): DestinationStream {
  const output = pino.destination({ fd: process.stdout.fd, sync: false });
  process.once('exit', () => output.flushSync());
  return output;
}

/** Lets Nest and its modules write to our log: what goes wrong, not how each start goes. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(): void {}

  warn(message: unknown): void {
    this.logger.warn(text(message));
  }

  /** Without the stack and the parameters that Nest passes on: they may quote what a caller sent. */
  error(message: unknown): void {
    this.logger.error(text(message));
  }
}

function text(message: unknown): string {
  return message instanceof Error ? message.name : String(message);
}
