// Gathers what `/docs` and `/openapi` serve: a step of the build.
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder } from '../../config/version.js';
import { documentNames, swaggerFiles } from './documentation-files.js';

const target = fileURLToPath(builtFolder('documentation'));
const documents = fileURLToPath(new URL('../../docs/openapi/', builtFolder('documentation')));
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

mkdirSync(target, { recursive: true });
for (const name of documentNames) copyFileSync(join(documents, name), join(target, name));
for (const name of Object.keys(swaggerFiles)) copyFileSync(join(swaggerUi, name), join(target, name));
copyFileSync(join(swaggerUi, 'LICENSE'), join(target, 'swagger-ui.LICENSE'));
