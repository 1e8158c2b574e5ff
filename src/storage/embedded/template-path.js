// Plain JavaScript, as `worker.js`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const library = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
/** @type {unknown} */
const manifest = JSON.parse(readFileSync(join(library, '..', 'package.json'), 'utf8'));
const { version } = /** @type {{ version: string }} */ (manifest);

/** Where the files of a fresh database are kept: those that this version of the embedded PostgreSQL makes. */
export const templatePath = join(import.meta.dirname, `pglite-${version}.tar.gz`);
