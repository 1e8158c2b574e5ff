import { fstatSync, write } from 'node:fs';
import { LogOutput, type LogSink } from '../observability/log-output.js';

/** The process's standard output. What cannot be written to standard error either can be told to nobody. */
export function standardOutput(): LogOutput {
  process.stderr.on('error', () => {});
  const tell = (sentence: string) => void process.stderr.write(`symbolon: ${sentence}\n`);
  return new LogOutput(sinkOf(process.stdout.fd), tell, () => performance.now());
}

/**
 * A pipe or a socket is written by Node's stream, which does not block while nobody reads. A file or a terminal is written
 * in the background; Node's stream would block the process.
 */
function sinkOf(descriptor: number): LogSink {
  // Errors of a write are passed to its callback as well.
  process.stdout.on('error', () => {});
  const stat = fstatSync(descriptor);
  if (stat.isFIFO() || stat.isSocket()) return (text, done) => process.stdout.write(text, done);
  return (text, done) => writeAll(descriptor, Buffer.from(text), done);
}

/** Writes to a file, which may take a part at a time. */
function writeAll(descriptor: number, bytes: Buffer, done: Parameters<LogSink>[1]): void {
  write(descriptor, bytes, (error, written) => {
    if (error || written === bytes.length) done(error);
    else writeAll(descriptor, bytes.subarray(written), done);
  });
}
