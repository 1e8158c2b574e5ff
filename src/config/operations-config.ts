import type { SettingReader } from './setting-reader.js';

/** Settings of the operator's listener, monitoring, metrics and audit. */
export interface OperationsConfig {
  /** Where the operator's listener is opened; undefined for none. */
  readonly admin?: { readonly host: string; readonly port: number };
  readonly metrics: {
    /** Whether `/metrics` needs a token. */
    readonly auth: 'none' | 'token';
    /** The labels that metrics of realms and clients get. */
    readonly labels: readonly MetricsLabel[];
  };
  readonly monitoring: MonitoringConfig;
  /** Days that audit events are kept. */
  readonly auditDays: number;
}

export type MetricsLabel = 'realm' | 'client';

/** The monitoring settings of Axway's *Access Token Information* filter, for all services. */
export interface MonitoringConfig {
  readonly count: 'clients' | 'services' | 'off';
  /** What identifies a client: the token's subject, its application, or a selector's name. */
  readonly client: 'subject' | 'application' | { readonly selector: string };
  /** Name of the composite context; undefined for none. */
  readonly composite?: string;
  /** Most rows of a bucket. */
  readonly rows: number;
  /** Days that the coarsest buckets are kept. */
  readonly days: number;
  /** Seconds between two flushes. */
  readonly flush: number;
}

/** The longest name of a composite context, in characters. */
const maxCompositeName = 100;

/**
 * Reads the settings; the reader collects the problems with them.
 * @param taken the public listener's address
 */
export function readOperations(
  reader: SettingReader,
  taken: { readonly host: string; readonly port: number },
): OperationsConfig {
  return {
    admin: readAdmin(reader, taken),
    metrics: {
      auth: reader.oneOf('METRICS_AUTH', ['none', 'token']),
      labels: readLabels(reader),
    },
    monitoring: {
      count: reader.oneOf('MONITORING', ['clients', 'services', 'off']),
      client: readClient(reader),
      composite: readComposite(reader),
      rows: reader.integer('MONITORING_ROWS', 100, 100_000),
      days: reader.integer('MONITORING_DAYS', 1, 3650),
      flush: reader.integer('MONITORING_FLUSH', 1, 60),
    },
    auditDays: reader.integer('AUDIT_DAYS', 1, 36_500),
  };
}

function readAdmin(
  reader: SettingReader,
  taken: { readonly host: string; readonly port: number },
): OperationsConfig['admin'] {
  const host = reader.text('ADMIN_HOST') ?? '';
  const text = reader.text('ADMIN_PORT') ?? '';
  if (text === 'off') return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65535)) {
    reader.refuse('ADMIN_PORT', 'neither off nor a whole number from 0 to 65535');
  } else if (port !== 0 && port === taken.port && host === taken.host) {
    reader.refuse('ADMIN_PORT', 'the public listener has the same port (PORT)');
  }
  return { host, port };
}

function readLabels(reader: SettingReader): MetricsLabel[] {
  const labels = new Set(reader.list('METRICS_LABELS'));
  const known = (['realm', 'client'] as const).filter((label) => labels.delete(label));
  if (labels.size > 0) reader.refuse('METRICS_LABELS', 'not a comma-separated list of realm and client');
  return known;
}

function readClient(reader: SettingReader): MonitoringConfig['client'] {
  const name = reader.text('MONITORING_CLIENT') ?? '';
  if (name === 'authentication.subject.id') return 'subject';
  if (name === 'authentication.application.id') return 'application';
  return { selector: `\${${name}}` };
}

function readComposite(reader: SettingReader): string | undefined {
  const name = reader.text('MONITORING_COMPOSITE');
  // A route's template begins with a slash, so a name without one is never taken for a service.
  if (
    name !== undefined &&
    (name.length > maxCompositeName || !/^[^/\p{Control}][^\p{Control}]*$/u.test(name))
  ) {
    reader.refuse(
      'MONITORING_COMPOSITE',
      'not a name of 1 to 100 characters that does not begin with a slash',
    );
  }
  return name;
}
