import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Setting, settings } from '../../src/config/settings.js';
import { temporaryFolder } from '../support/database.js';
import { ServerProcess } from '../support/server-process.js';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

interface Instruction {
  readonly name: string;
  readonly args: string;
}

const instructions: Instruction[] = readFileSync(join(repository, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => ({ name: line.split(' ')[0], args: line.slice(line.indexOf(' ') + 1) }));
const lastFrom = instructions.findLastIndex(({ name }) => name === 'FROM');
const buildStage = instructions.slice(0, lastFrom);
const image = instructions.slice(lastFrom + 1);

function ofKind(stage: readonly Instruction[], name: string): string[] {
  return stage.filter((instruction) => instruction.name === name).map(({ args }) => args);
}

const environment = Object.fromEntries(
  ofKind(image, 'ENV').flatMap((args) => args.split(' ').map((pair) => pair.split('='))),
) as Record<string, string>;

/** The instruction's command in its exec form. */
function command(name: string): string[] {
  const [args] = ofKind(image, name);
  return JSON.parse(args.slice(args.indexOf('['))) as string[];
}

/** Does in a folder what the last stage does in an image, with what was built here. */
async function layOut(root: string): Promise<void> {
  const workdir = join(root, ofKind(image, 'WORKDIR')[0]);
  await mkdir(workdir, { recursive: true });
  for (const { name, args } of image) {
    if (name === 'COPY') {
      const [source, target] = args.split(' ').filter((word) => !word.startsWith('--'));
      const from = join(repository, source.replace(/^\/app\//, ''));
      const to = target === './' ? join(workdir, source) : join(workdir, target);
      // Hundreds of packages are not copied, but dist is: its modules must find them from their new place.
      if (target === 'node_modules') await symlink(from, to);
      else await cp(from, to, { recursive: true });
    }
    if (name === 'RUN') {
      const words = args.split(' ').filter((word) => !/^--(owner|group)=/.test(word));
      const [program, ...rest] = words.map((word) => (word.startsWith('/') ? join(root, word) : word));
      await mkdir(dirname(rest.at(-1) ?? root), { recursive: true });
      await run(program, rest);
    }
  }
}

afterAll(() => ServerProcess.endAll());

it('the build stage copies what there is, and what .dockerignore lets through', () => {
  const allowed = readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n');
  const sources = ofKind(buildStage, 'COPY').flatMap((args) => args.split(' ').slice(0, -1));
  const own = ofKind(image, 'COPY').filter((args) => !args.startsWith('--from='));
  for (const source of [...sources, ...own.map((args) => args.split(' ')[0])]) {
    expect([source, existsSync(join(repository, source))]).toEqual([source, true]);
    expect(allowed).toContain(`!${source}`);
  }
});

it('its scripts are those of the package', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const called = ofKind(buildStage, 'RUN').flatMap((args) => [...args.matchAll(/npm run (\S+)/g)]);
  expect(called.length).toBeGreaterThan(0);
  for (const [, script] of called) expect(Object.keys(scripts)).toContain(script);
});

it('the last stage, laid out in a folder, serves by its own command, and is found healthy', async () => {
  const root = await temporaryFolder();
  await layOut(root);
  const paths = `${join(root, 'usr/local/bin')}:${process.env.PATH}`;
  const symbolon = join(root, 'usr/local/bin/symbolon');
  const { stdout } = await run(symbolon, ['--version'], { env: { PATH: paths } });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);

  // In production there is no demo, so it gets a file as compose would mount one.
  const file = join(root, 'symbolon.yaml');
  await cp(join(repository, 'symbolon.example.yaml'), file);
  const example = readFileSync(join(repository, '.env.example'), 'utf8');
  const secrets = Object.fromEntries(
    [...example.matchAll(/^(\w+)=/gm)].map(([, name]) => [name, 'a-secret-of-this-test']),
  );
  const server = await ServerProcess.start(
    {
      ...secrets,
      ...environment,
      PATH: paths,
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: join(root, environment.DATA_DIR),
      CONFIG_FILE: file,
    },
    { program: command('CMD'), folder: join(root, ofKind(image, 'WORKDIR')[0]) },
  );
  expect(await healthOf(server.port)).toBe(0);
  expect((await server.kill('SIGTERM')).status).toBe(0);
  expect(await healthOf(server.port)).toBe(1);
});

it('names settings alone, and no secret', () => {
  const known = settings.map(({ name }): string => name);
  expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  expect(Object.keys(environment).filter((name) => /PASSWORD|SECRET|KEY$/.test(name))).toEqual([]);
  const adminPort = (settings as readonly Setting[]).find(({ name }) => name === 'ADMIN_PORT')?.fallback;
  expect(ofKind(image, 'EXPOSE')).toEqual([`${environment.PORT} ${adminPort}`]);
});

it('runs as a user without rights, which comes after all that needs them', () => {
  expect(ofKind(image, 'USER')).toEqual(['node']);
  const user = image.findIndex(({ name }) => name === 'USER');
  expect(user).toBeGreaterThan(image.findLastIndex(({ name }) => name === 'COPY' || name === 'RUN'));
});

it.each([
  [200, 0],
  [503, 1],
  [404, 1],
])('the health check answers to status %d with exit status %d', async (status, exit) => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/healthz' ? status : 404;
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    expect(await healthOf((server.address() as AddressInfo).port)).toBe(exit);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** Exit status of the health check, run as in a container. */
async function healthOf(port: number): Promise<number | null> {
  const [program, ...args] = command('HEALTHCHECK');
  const child = execFile(program, args, { env: { PATH: process.env.PATH, PORT: String(port) } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
