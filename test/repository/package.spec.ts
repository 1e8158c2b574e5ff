import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as Manifest;

/** Packs what was built; `prepack` would build again, under the feet of other tests. */
async function pack(folder: string): Promise<{ file: string; paths: string[] }> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: repository });
  const [{ filename, files }] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  return { file: join(folder, filename), paths: files.map(({ path }) => path) };
}

afterAll(() => ServerProcess.endAll());

it('CHANGELOG begins with the version of the package', () => {
  const changelog = readFileSync(join(repository, 'CHANGELOG.md'), 'utf8');
  expect(/^## (\S+)/m.exec(changelog)?.[1]).toBe(manifest.version);
});

it('the package installs in an empty folder, and serves both flavours there with nothing else', async () => {
  const folder = await temporaryFolder();
  const { file, paths } = await pack(folder);
  expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']));
  const templates = paths.filter((path) => path.endsWith('.tar.gz'));
  expect(templates).toEqual([
    expect.stringMatching(/^dist\/src\/storage\/embedded\/pglite-[\d.]+\.tar\.gz$/),
  ]);
  expect(paths).toContain('dist/ui/index.html');
  // What was built of a source that is gone stays in dist until that is removed.
  const built = paths.filter((path) => /^dist\/(?:src|migrations)\/.*\.js$/.test(path));
  const sources = built.map((path) => path.replace(/^dist\//, ''));
  const exists = (path: string) => existsSync(join(repository, path));
  expect(sources.filter((path) => !exists(path.replace(/js$/, 'ts')) && !exists(path))).toEqual([]);
  expect(paths.filter((path) => /(^|\/)(bench|test)\//.test(path) || path.endsWith('tsbuildinfo'))).toEqual(
    [],
  );

  const install = join(folder, 'install');
  await mkdir(install);
  await run('npm', ['init', '--yes'], { cwd: install });
  const options = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', ['install', ...options, file], { cwd: install });
  const symbolon = join(install, 'node_modules', '.bin', 'symbolon');
  const { stdout } = await run(symbolon, ['--version'], { cwd: install });
  expect(stdout.trim()).toBe(manifest.version);

  const server = await ServerProcess.start({}, { program: [symbolon], folder: install });
  // Without the template there would be a warning.
  expect(server.records.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  const form = { grant_type: 'password', username: 'demo', password: 'Ch4ng31t', scope: 'write' };
  const credentials = { client_id: 'myClient', client_secret: 'forgerock' };
  const issued = await fetch(`${server.url}/am/oauth2/realms/root/realms/alpha/access_token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, ...credentials }),
  });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  const axway = await fetch(`${server.url}/api/oauth/tokeninfo?access_token=${token}`);
  expect(await axway.json()).toMatchObject({ audience: 'myClient', user_id: 'demo' });
  const forgeRock = await fetch(`${server.url}/am/oauth2/tokeninfo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await forgeRock.json()).toMatchObject({ realm: '/alpha', grant_type: 'password' });
  expect(existsSync(join(install, '.symbolon', 'demo'))).toBe(true);
});
