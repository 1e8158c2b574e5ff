import { statSync } from 'node:fs';

/**
 * Loads what serves: Nest, TypeORM and what stands on them, which take as long to load as a database takes to start.
 *
 * Node's `fs.realpathSync`, which resolves the paths of packages, takes the last file that was examined for a part of
 * the path: behind a pipe or a socket it does not follow links. A package is then loaded twice, by two paths, and one
 * instance lacks what the other one exports. Our standard output or a `CONFIG_FILE` may be a pipe, so a folder is
 * examined before; and meanwhile, nobody may examine a socket.
 */
export async function loadServer() {
  statSync(import.meta.dirname);
  const [{ serve }, { listenForAdmin, takeFromPrimary }] = await Promise.all([
    import('./serve.js'),
    import('./admin-listener.js'),
  ]);
  return { serve, listenForAdmin, takeFromPrimary };
}
