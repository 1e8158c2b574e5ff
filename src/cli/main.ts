#!/usr/bin/env node
import { listenForStop } from '../process/stop-signal.js';

// The first process of a container gets no signal that it does not listen for, so a server listens before all else is
// loaded. Any other command is ended by the signal.
const [, , command = 'serve'] = process.argv;
if (command === 'serve') void listenForStop();

const { runCommandLine } = await import('./program.js');
// A database that failed to start may leave a thread behind, which would keep the process alive.
process.exit(await runCommandLine(process.argv));
