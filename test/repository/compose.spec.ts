import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { settings } from '../../src/config/settings.js';
import { parseConfiguration } from '../../src/provisioning/parse.js';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: string[];
  readonly environment?: Record<string, string | number | null>;
  readonly depends_on?: Record<string, { condition: string }> | string[];
  readonly healthcheck?: { test: string[] };
  readonly read_only?: boolean;
  readonly tmpfs?: string[];
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly ports?: string[];
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
  const { server, integration, database, cassandra } = compose.services;
  const integrationDatabase = compose.services['integration-database'];
  const cassandraServer = compose.services['cassandra-server'];
  const cassandraDatabase = compose.services['cassandra-database'];
  const integrationFile = 'test/support/symbolon.integration.yaml';

  it.each([
    ['database', database],
    ['integration-database', integrationDatabase],
    ['cassandra-database', cassandraDatabase],
  ])('%s is PostgreSQL 17 with a health check', (_, service) => {
    expect(service.image).toBe('postgres:17');
    expect(service.healthcheck?.test).toEqual(expect.arrayContaining(['CMD', 'pg_isready']));
  });

  it.each([
    ['database', database, '/var/lib/postgresql/data'],
    ['cassandra-database', cassandraDatabase, '/var/lib/postgresql/data'],
    ['cassandra', cassandra, '/var/lib/cassandra'],
  ])('keeps the data of %s in a volume of that name', (name, service, path) => {
    expect(service.volumes).toEqual([`${name}:${path}`]);
    expect(compose.volumes).toHaveProperty(name);
  });

  it('keeps the data of the integration database in memory', () => {
    expect(integrationDatabase.tmpfs).toEqual(['/var/lib/postgresql/data']);
    expect(integrationDatabase.volumes).toBeUndefined();
  });

  it.each([
    ['server', server, 'database'],
    ['integration', integration, 'integration-database'],
    ['cassandra-server', cassandraServer, 'cassandra-database'],
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
    expect(service.environment?.DATABASE_URL).toContain(`@${itsDatabase}:5432/`);
  });

  it.each([
    ['server', server],
    ['integration', integration],
    ['cassandra-server', cassandraServer],
  ])('%s reads a file that is mounted', (_, service) => {
    const targets = service.volumes?.map((volume) => (typeof volume === 'string' ? volume : volume.target));
    expect(targets).toEqual([service.environment?.CONFIG_FILE]);
  });

  it('serves operators on the loopback of this machine alone', () => {
    expect(server.ports).toEqual([
      '${PUBLISH:-127.0.0.1:8080}:8080',
      '${ADMIN_PUBLISH:-127.0.0.1:9000}:9000',
    ]);
    expect(integration.ports).toEqual(['127.0.0.1:8081:8080', '127.0.0.1:9001:9000']);
    expect(cassandraServer.ports).toEqual(['127.0.0.1:8082:8080', '127.0.0.1:9002:9000']);
    for (const { environment } of [server, integration, cassandraServer]) {
      expect(environment).toMatchObject({ ADMIN_HOST: '0.0.0.0', ADMIN_PORT: 9000 });
    }
  });

  it('runs one node of Cassandra in little memory, which nobody else reaches, with the newer Paxos', () => {
    expect(cassandra).toMatchObject({
      image: 'cassandra:5',
      restart: 'unless-stopped',
      stop_grace_period: '60s',
      environment: {
        MAX_HEAP_SIZE: '512M',
        HEAP_NEWSIZE: '128M',
        JVM_EXTRA_OPTS:
          '-Dcassandra.config.allow_system_properties=true -Dcassandra.settings.paxos_variant=v2',
      },
    });
    expect(cassandra.healthcheck?.test).toEqual(expect.arrayContaining(['CMD', 'cqlsh']));
    expect(cassandra.ports).toBeUndefined();
  });

  it('starts a server whose tokens that node keeps, once it is there, and whose database is its own', () => {
    expect(cassandraServer).toMatchObject({
      restart: 'unless-stopped',
      depends_on: { cassandra: { condition: 'service_healthy' } },
      environment: {
        TOKEN_STORE: 'cassandra',
        CASSANDRA_CONTACT_POINTS: 'cassandra:9042',
        CASSANDRA_LOCAL_DATACENTER: 'datacenter1',
        CASSANDRA_REPLICATION: 'datacenter1:1',
      },
    });
    const users = Object.entries(compose.services).filter(([, { environment }]) =>
      String(environment?.DATABASE_URL).includes('@cassandra-database:'),
    );
    expect(users.map(([name]) => name)).toEqual(['cassandra-server']);
  });

  it.each([
    ['prometheus', 9090],
    ['grafana', 3000],
  ])('starts %s in the profile observe alone, locked down, with the files of ops', (name, port) => {
    const service = compose.services[name];
    expect(service).toMatchObject({
      profiles: ['observe'],
      image: expect.stringMatching(/:v?\d+\.\d+\.\d+$/),
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ports: [`127.0.0.1:${port}:${port}`],
    });
    const sources = service.volumes?.map(String).filter((volume) => volume.startsWith('.'));
    for (const volume of sources ?? []) {
      const [, source] = /^\.\/(ops\/[^:]+):[^:]+:ro$/.exec(volume) ?? [];
      expect(existsSync(new URL(`../../${source}`, import.meta.url))).toBe(true);
    }
    expect(sources?.length).toBeGreaterThan(0);
  });

  it('starts a Grafana that anybody may look at, and nobody can log in to', () => {
    expect(compose.services.grafana.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'true',
      GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
      GF_AUTH_BASIC_ENABLED: 'false',
      GF_AUTH_DISABLE_LOGIN_FORM: 'true',
      GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: 'true',
    });
  });

  it('starts the services of a profile in that profile alone, and the server and its database without one', () => {
    expect([integration.profiles, integrationDatabase.profiles]).toEqual([['integration'], ['integration']]);
    const ofCassandra = [cassandra, cassandraDatabase, cassandraServer];
    expect(ofCassandra.map(({ profiles }) => profiles)).toEqual(ofCassandra.map(() => ['cassandra']));
    expect([server.profiles, database.profiles]).toEqual([undefined, undefined]);
    expect(integration.volumes).toMatchObject([{ source: `./${integrationFile}`, read_only: true }]);
  });

  it('names settings alone, and what the integration file substitutes', () => {
    const substituted = [...read(integrationFile).matchAll(/: \$\{(\w+)\}/g)].map(([, name]) => name);
    for (const { environment = {} } of [server, cassandraServer]) {
      expect(Object.keys(environment).filter((name) => !settingNames.includes(name))).toEqual([]);
    }
    expect(Object.keys(integration.environment ?? {}).filter((name) => !settingNames.includes(name))).toEqual(
      [...new Set(substituted)],
    );
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
    for (const { environment = {} } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (secretName.test(name)) expect([null, required]).toContainEqual(value);
        if (name === 'DATABASE_URL') expect(value).toContain('postgres://symbolon:${POSTGRES_PASSWORD:?');
      }
    }
  });
});
