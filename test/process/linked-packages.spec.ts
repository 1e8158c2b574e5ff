import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/database.js';
import { demoDataFolder, ServerProcess, shortLived } from '../support/server-process.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));

afterEach(() => ServerProcess.endAll());

it('starts where node_modules is a link, by a pipe as its output and on the sockets of a process that was killed', async () => {
  const folder = await temporaryFolder();
  for (const name of ['dist', 'package.json']) {
    await cp(join(repository, name), join(folder, name), { recursive: true });
  }
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const launch = { program: [process.execPath, ...shortLived, 'dist/src/main.js'], folder };
  const settings = { DATA_DIR: await demoDataFolder() };
  await (await ServerProcess.start(settings, launch)).kill('SIGKILL');
  const server = await ServerProcess.start(settings, launch);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(server.stderr).toBe('');
});
