import { listenForStop } from './process/stop-signal.js';

// Before all else is loaded: the first process of a container gets no signal that it does not listen for.
void listenForStop();

const { run } = await import('./process/run.js');
await run();
