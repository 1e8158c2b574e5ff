import { rm } from 'node:fs/promises';
import { databases } from './global-setup.js';

export default async function tearDown() {
  await Promise.all(databases.map((database) => database.terminate()));
  await rm(process.env.TEST_FOLDER ?? '', { recursive: true, force: true });
}
