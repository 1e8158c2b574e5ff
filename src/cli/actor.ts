import { userInfo } from 'node:os';
import type { Actor } from '../domain/audit.js';

/** Who runs the command: the operating system's user. */
export function cliActor(): Actor {
  return { kind: 'cli', name: userName() };
}

/** Empty for a user without a name, as in a container that runs with a number of its own. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return '';
    throw error;
  }
}
