import { existsSync, readFileSync } from 'node:fs';

/** The version of the program, from its `package.json`, which is in a folder above this file's, built or not. */
export function readVersion(): string {
  let file = new URL('../package.json', import.meta.url);
  while (!existsSync(file)) {
    const above = new URL('../package.json', file);
    if (above.href === file.href) throw new Error('There is no package.json.');
    file = above;
  }
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
