import type { Command } from 'commander';
import { leaveOutput } from './terminal.js';

const help = `
Settings come from the environment; without any it serves a demo on http://127.0.0.1:8080. SIGTERM or Ctrl-C stops it.`;

/** Adds `serve`, which is what `symbolon` does when no command is named. */
export function addServe(program: Command): void {
  program
    .command('serve', { isDefault: true })
    .description('start the server')
    .addHelpText('after', help)
    .action(serve);
}

async function serve(): Promise<never> {
  leaveOutput();
  const { run } = await import('../process/run.js');
  return run();
}
