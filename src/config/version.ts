import { existsSync, readFileSync } from 'node:fs';

/** The program's `package.json`, which is in a folder above this file's, built or not. */
function manifest(): URL {
  let file = new URL('../package.json', import.meta.url);
  while (!existsSync(file)) {
    const above = new URL('../package.json', file);
    if (above.href === file.href) throw new Error('There is no package.json.');
    file = above;
  }
  return file;
}

/** The version of the program. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(manifest(), 'utf8')) as { version: string }).version;
}

/** A folder of what `npm run build` makes besides the program: the same for the sources and for what is built of them. */
export function builtFolder(name: 'documentation' | 'ui'): URL {
  return new URL(`dist/${name}/`, manifest());
}
