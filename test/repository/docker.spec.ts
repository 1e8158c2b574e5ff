import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { settings } from '../../src/config/settings.js';
import { parseConfiguration } from '../../src/provisioning/parse.js';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: string[];
  readonly environment: Record<string, string | number | null>;
  readonly depends_on?: Record<string, { condition: string }>;
  readonly healthcheck?: { test: string[] };
  readonly read_only?: boolean;
  readonly tmpfs?: string[];
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly stop_grace_period?: string;
  readonly volumes?: (string | { source: string; target: string; read_only: boolean })[];
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

const settingNames = settings.map(({ name }): string => name);
const secretName = /PASSWORD|SECRET|KEY$/;

describe('docker-compose.yml', () => {
  const text = read('docker-compose.yml');
  const compose = parse(text, { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, null>;
  };
  const { server, integration, database } = compose.services;
  const integrationDatabase = compose.services['integration-database'];
  const integrationFile = 'test/support/symbolon.integration.yaml';

  it.each([
    ['database', database],
    ['integration-database', integrationDatabase],
  ])('%s is PostgreSQL 17 with a health check', (_, service) => {
    expect(service.image).toBe('postgres:17');
    expect(service.healthcheck?.test).toEqual(expect.arrayContaining(['CMD', 'pg_isready']));
  });

  it('keeps the data of one database in a named volume, and of the other in memory', () => {
    expect(database.volumes).toEqual(['database:/var/lib/postgresql/data']);
    expect(compose.volumes).toHaveProperty('database');
    expect(integrationDatabase.tmpfs).toEqual(['/var/lib/postgresql/data']);
    expect(integrationDatabase.volumes).toBeUndefined();
  });

  it.each([
    ['server', server, 'database'],
    ['integration', integration, 'integration-database'],
  ])('%s is our image, locked down, and waits for its database', (_, service, itsDatabase) => {
    expect(service).toMatchObject({
      build: '.',
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '15s',
      depends_on: { [itsDatabase]: { condition: 'service_healthy' } },
    });
    expect(service.environment.DATABASE_URL).toContain(`@${itsDatabase}:5432/`);
  });

  it.each([
    ['server', server],
    ['integration', integration],
  ])('%s reads a file that is mounted', (_, service) => {
    const targets = service.volumes?.map((volume) => (typeof volume === 'string' ? volume : volume.target));
    expect(targets).toEqual([service.environment.CONFIG_FILE]);
  });

  it('starts the integration services in their profile alone, and the others without one', () => {
    expect([integration.profiles, integrationDatabase.profiles]).toEqual([['integration'], ['integration']]);
    expect([server.profiles, database.profiles]).toEqual([undefined, undefined]);
    expect(integration.volumes).toMatchObject([{ source: `./${integrationFile}`, read_only: true }]);
  });

  it('names settings alone, and what the integration file substitutes', () => {
    const substituted = [...read(integrationFile).matchAll(/: \$\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(server.environment).filter((name) => !settingNames.includes(name))).toEqual([]);
    expect(Object.keys(integration.environment).filter((name) => !settingNames.includes(name))).toEqual([
      ...new Set(substituted),
    ]);
  });

  it('mounts an integration file that a server takes, once its secrets are set', () => {
    const source = { file: integrationFile, text: read(integrationFile) };
    const secrets = { INTEGRATION_CLIENT_SECRET: randomUUID(), INTEGRATION_USER_PASSWORD: randomUUID() };
    const { realms } = parseConfiguration(source, secrets);
    expect(realms.map(({ name }) => name)).toEqual(['/', '/staff']);
    expect(() => parseConfiguration(source, {})).toThrow(/not set in the environment/);
  });

  it('has no value for any secret', () => {
    const defaults = [...text.matchAll(/\$\{(\w+):?[-+]/g)].map(([, name]) => name);
    expect(defaults.filter((name) => secretName.test(name))).toEqual([]);
    const required = expect.stringMatching(/^\$\{POSTGRES_PASSWORD:\?[^}]+\}$/) as string;
    for (const { environment } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (secretName.test(name)) expect([null, required]).toContainEqual(value);
        if (name === 'DATABASE_URL') expect(value).toContain('postgres://symbolon:${POSTGRES_PASSWORD:?');
      }
    }
  });
});

describe('Dockerfile', () => {
  const instructions = read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ name: line.split(' ')[0], args: line.slice(line.indexOf(' ') + 1) }));
  const lastFrom = instructions.findLastIndex(({ name }) => name === 'FROM');
  const buildStage = instructions.slice(0, lastFrom);
  const image = instructions.slice(lastFrom);

  function inImage(instruction: string): string[] {
    return image.filter(({ name }) => name === instruction).map(({ args }) => args);
  }

  it('builds in a stage of its own, both on the slim image of Node 24', () => {
    const stages = instructions.filter(({ name }) => name === 'FROM').map(({ args }) => args);
    expect(stages).toEqual(['node:24-slim AS build', 'node:24-slim']);
    const commands = buildStage.filter(({ name }) => name === 'RUN').map(({ args }) => args);
    expect(commands.join(' && ')).toMatch(/npm ci --ignore-scripts && npm run build && npm prune --omit=dev/);
  });

  it('runs the server as a user without rights, and without npm', () => {
    expect(inImage('USER')).toEqual(['node']);
    expect(inImage('CMD')).toEqual(['["node", "dist/src/main.js"]']);
    expect(inImage('ENTRYPOINT')).toEqual([]);
    expect(image.filter(({ args }) => /\bnpm\b/.test(args))).toEqual([]);
    expect(image.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(
      image.findLastIndex(({ name }) => name === 'COPY' || name === 'RUN'),
    );
  });

  it('sets what a container needs, in settings that there are', () => {
    const environment = Object.fromEntries(
      inImage('ENV').flatMap((args) => args.split(' ').map((pair) => pair.split('='))),
    ) as Record<string, string>;
    expect(environment).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '8080' });
    expect(inImage('EXPOSE')).toEqual(['8080']);
    expect(Object.keys(environment).filter((name) => !settingNames.includes(name))).toEqual([]);
    expect(Object.keys(environment).filter((name) => secretName.test(name))).toEqual([]);
  });

  describe('its health check', () => {
    const [check] = inImage('HEALTHCHECK');
    const [command, ...args] = JSON.parse(check.slice(check.indexOf('CMD ') + 4)) as string[];
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/healthz' ? status : 404;
      response.end();
    });
    let status: number;
    let port: number;

    /** Exit status of the health check, run as in a container. */
    async function exitStatus(): Promise<number | null> {
      const child = execFile(process.execPath, args, { env: { PORT: String(port) } });
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    }

    beforeAll(async () => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      port = (server.address() as AddressInfo).port;
    });

    afterAll(() => {
      server.close();
    });

    it('is a script for Node', () => {
      expect([command, args[0]]).toEqual(['node', '-e']);
    });

    it.each([
      [200, 0],
      [503, 1],
      [404, 1],
    ])('answers to status %d with exit status %d', async (answer, exit) => {
      status = answer;
      expect(await exitStatus()).toBe(exit);
    });

    it('fails where nobody listens', async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      expect(await exitStatus()).toBe(1);
    });
  });
});
