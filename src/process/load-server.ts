import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as AdminListener from './admin-listener.js';
import type * as Serve from './serve.js';

/**
 * Loads what serves: Nest, TypeORM and what stands on them, more than 2,000 modules. Node's `require` loads them one after
 * the other in this thread, which takes less time than `import` (docs/adr/0010-loading.md). It blocks the event loop
 * for that time, so whatever can run beside it has begun before.
 *
 * Node's `fs.realpathSync`, which resolves the paths of packages, takes the last file that was examined for a part of
 * the path: behind a pipe or a socket it does not follow links. A package is then loaded twice, by two paths, and one
 * instance lacks what the other one exports. Our standard output or a `CONFIG_FILE` may be a pipe, so a folder is
 * examined before; and meanwhile, nobody may examine a socket.
 */
export async function loadServer() {
  statSync(import.meta.dirname);
  const [{ serve }, { listenForAdmin, takeFromPrimary }] = process.features.require_module
    ? required()
    : await Promise.all([import('./serve.js'), import('./admin-listener.js')]);
  return { serve, listenForAdmin, takeFromPrimary };
}

function required() {
  const require = createRequire(import.meta.url);
  return [
    require('./serve.js') as typeof Serve,
    require('./admin-listener.js') as typeof AdminListener,
  ] as const;
}
