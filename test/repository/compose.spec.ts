import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { settings } from '../../src/config/settings.js';
import { parseConfiguration } from '../../src/provisioning/parse.js';
import { fastForms } from '../provisioning/fast-hasher.js';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly user?: string;
  readonly env_file?: { path: string; required: boolean }[];
  readonly logging?: { driver: string; options: Record<string, string> };
  readonly profiles?: string[];
  readonly environment?: Record<string, string | number | null>;
  readonly depends_on?: Record<string, { condition: string }> | string[];
  readonly healthcheck?: { test: string[]; start_period?: string };
  readonly read_only?: boolean;
  readonly tmpfs?: string[];
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly ports?: string[];
  readonly volumes?: string[];
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The services that a start with these profiles has. */
function servicesOf(services: Readonly<Record<string, Service>>, ...profiles: string[]): string[] {
  return Object.keys(services).filter((name) => {
    const own = services[name].profiles;
    return own === undefined || own.some((profile) => profiles.includes(profile));
  });
}

const settingNames = settings.map(({ name }): string => name);
const secretName = /PASSWORD|SECRET|KEY$/;

describe('docker-compose.yml', () => {
  const text = read('docker-compose.yml');
  const compose = parse(text, { merge: true }) as {
    name: string;
    services: Record<string, Service>;
    volumes: Record<string, null>;
  };
  const { demo, server, integration, database, cassandra } = compose.services;
  const integrationDatabase = compose.services['integration-database'];
  const cassandraServer = compose.services['cassandra-server'];
  const cassandraDatabase = compose.services['cassandra-database'];
  const integrationFile = 'test/integration/config/symbolon.yaml';
  const profiles = ['demo', 'server', 'integration', 'cassandra', 'observe'];

  it.each([
    ['database', database],
    ['integration-database', integrationDatabase],
    ['cassandra-database', cassandraDatabase],
  ])('%s is PostgreSQL 17 with a health check, and has minutes to recover', (_, service) => {
    expect(service.image).toBe('postgres:17');
    expect(service.healthcheck?.start_period).toBe('5m');
    expect(service.healthcheck?.test).toEqual(expect.arrayContaining(['CMD', 'pg_isready']));
  });

  it.each([
    ['database', database, '/var/lib/postgresql/data'],
    ['cassandra-database', cassandraDatabase, '/var/lib/postgresql/data'],
    ['cassandra', cassandra, '/var/lib/cassandra'],
    ['demo', demo, '/var/lib/symbolon'],
  ])('keeps the data of %s in a volume of that name', (name, service, path) => {
    expect(service.volumes).toEqual([`${name}:${path}`]);
    expect(compose.volumes).toHaveProperty(name);
  });

  it('keeps the data of the integration database in memory', () => {
    expect(integrationDatabase.tmpfs).toEqual(['/var/lib/postgresql/data']);
    expect(integrationDatabase.volumes).toBeUndefined();
  });

  it.each([
    ['demo', demo],
    ['server', server],
    ['integration', integration],
    ['cassandra-server', cassandraServer],
  ])('%s is our image, built before its start and pulled from nowhere, and locked down', (_, service) => {
    expect(service).toMatchObject({
      build: '.',
      pull_policy: 'build',
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_grace_period: '15s',
    });
  });

  it.each([
    ['server', server, 'database', '${CONFIG_FOLDER:-./config}'],
    ['integration', integration, 'integration-database', './test/integration/config'],
    ['cassandra-server', cassandraServer, 'cassandra-database', '${CONFIG_FOLDER:-./config}'],
  ])(
    '%s waits for its database, and reads a file in a folder that is mounted',
    (_, service, itsDatabase, folder) => {
      expect(service.depends_on).toMatchObject({ [itsDatabase]: { condition: 'service_healthy' } });
      expect(service.environment).toMatchObject({
        CONFIG_FILE: '/etc/symbolon/symbolon.yaml',
        DATABASE_URL: `postgres://symbolon@${itsDatabase}:5432/symbolon`,
        // Not a part of the URL, where some characters would have to be escaped.
        PGPASSWORD: '${POSTGRES_PASSWORD:-}',
      });
      expect(service.volumes).toEqual([`${folder}:/etc/symbolon:ro`]);
    },
  );

  it('mounts folders that are there', () => {
    expect(existsSync(new URL('../../config', import.meta.url))).toBe(true);
    expect(existsSync(new URL(`../../${integrationFile}`, import.meta.url))).toBe(true);
  });

  it('runs the server as another user where its file belongs to one', () => {
    expect([server.user, cassandraServer.user]).toEqual(['${RUN_AS:-node}', '${RUN_AS:-node}']);
  });

  it('serves operators on the loopback of this machine alone', () => {
    expect(server.ports).toEqual([
      '${PUBLISH:-127.0.0.1:8080}:8080',
      '${ADMIN_PUBLISH:-127.0.0.1:9000}:9000',
    ]);
    expect(demo.ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:9000:9000']);
    expect(integration.ports).toEqual(['127.0.0.1:8081:8080', '127.0.0.1:9001:9000']);
    expect(cassandraServer.ports).toEqual(['127.0.0.1:8082:8080', '127.0.0.1:9002:9000']);
    for (const { environment } of [demo, server, integration, cassandraServer]) {
      expect(environment).toMatchObject({ HOST: '0.0.0.0', ADMIN_HOST: '0.0.0.0', ADMIN_PORT: 9000 });
    }
  });

  it('serves the demo where nobody else gets, with no file, password or database', () => {
    expect(servicesOf(compose.services, 'demo')).toEqual(['demo']);
    expect(demo).toMatchObject({
      restart: 'no',
      environment: { DEMO: 'on', ISSUER: 'http://127.0.0.1:8080' },
    });
    expect([demo.env_file, demo.depends_on, demo.environment?.DATABASE_URL]).toEqual([]);
    expect(JSON.stringify(demo)).not.toContain('${');
  });

  it('limits the log of every service', () => {
    const options = { 'max-size': '10m', 'max-file': '3' };
    for (const { logging } of Object.values(compose.services)) {
      expect(logging).toEqual({ driver: 'json-file', options });
    }
  });

  it('can be read without a password, whatever is asked for: ps, logs and down need none', () => {
    expect(text).not.toMatch(/\$\{[^}]*\?/);
  });

  it('has one name in every folder, so that its data are found again', () => {
    expect(compose.name).toBe('symbolon');
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

  it('starts nothing without a profile, and in one what it needs', () => {
    expect(servicesOf(compose.services)).toEqual([]);
    expect(servicesOf(compose.services, 'server')).toEqual(['database', 'server']);
    expect(servicesOf(compose.services, 'integration')).toEqual(['integration-database', 'integration']);
    const cassandraServices = ['cassandra-database', 'cassandra', 'cassandra-server'];
    expect(servicesOf(compose.services, 'cassandra')).toEqual(cassandraServices);
    expect(servicesOf(compose.services, 'observe')).toEqual(['database', 'server', 'prometheus', 'grafana']);
    expect(servicesOf(compose.services, ...profiles)).toEqual(Object.keys(compose.services));
    expect(read('.env.example')).toMatch(/^COMPOSE_PROFILES=server$/m);
  });

  it.each(profiles)('has every service that one of the profile %s waits for in it', (profile) => {
    const names = servicesOf(compose.services, profile);
    const awaited = names.flatMap((name) => {
      const { depends_on: others = [] } = compose.services[name];
      return Array.isArray(others) ? others : Object.keys(others);
    });
    expect(awaited.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('names settings alone, and what the integration file substitutes', () => {
    const substituted = [...read(integrationFile).matchAll(/: \$\{(\w+)\}/g)].map(([, name]) => name);
    const others = ({ environment = {} }: Service) =>
      Object.keys(environment).filter((name) => !settingNames.includes(name));
    expect(others(demo)).toEqual([]);
    for (const service of [server, cassandraServer]) expect(others(service)).toEqual([]);
    expect(others(integration)).toEqual([...new Set(substituted)]);
  });

  it('mounts an integration file that a server takes, once its secrets are set', () => {
    const source = { file: integrationFile, text: read(integrationFile) };
    const secrets = { INTEGRATION_CLIENT_SECRET: randomUUID(), INTEGRATION_USER_PASSWORD: randomUUID() };
    const { realms } = parseConfiguration(source, secrets, fastForms);
    expect(realms.map(({ name }) => name)).toEqual(['/', '/staff']);
    expect(() => parseConfiguration(source, {}, fastForms)).toThrow(/not set in the environment/);
  });

  it('has no value for any secret', () => {
    for (const { environment = {} } of Object.values(compose.services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (secretName.test(name)) expect([null, '${POSTGRES_PASSWORD:-}']).toContain(value);
        if (/_URL$/.test(name)) expect(value).toMatch(/^postgres:\/\/symbolon@/);
      }
    }
  });
});
