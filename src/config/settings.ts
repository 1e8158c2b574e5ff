import { readFileSync } from 'node:fs';

/** A setting, as the README's table lists it. */
export interface Setting {
  /** Name of the environment variable. */
  readonly name: string;
  /** What it is when the variable is not set, or set empty; undefined for nothing. */
  readonly fallback?: string;
}

/** Every setting there is. */
export const settings = [
  { name: 'PORT', fallback: '8080' },
  { name: 'HOST', fallback: '127.0.0.1' },
  { name: 'ISSUER' },
  { name: 'BASE_PREFIX', fallback: '/am' },
  { name: 'TLS_KEY_FILE' },
  { name: 'TLS_CERT_FILE' },
  { name: 'DATABASE_URL' },
  { name: 'DATABASE_POOL', fallback: '10' },
  { name: 'DATA_DIR', fallback: './.symbolon' },
  { name: 'TOKEN_STORE', fallback: 'database' },
  { name: 'CACHE_ENTRIES', fallback: '100000' },
  { name: 'CACHE_MAX_AGE', fallback: '30' },
  { name: 'WORKERS', fallback: '1' },
  { name: 'CONFIG_FILE' },
  { name: 'REFRESH_LEEWAY', fallback: '10' },
  { name: 'PURGE_INTERVAL', fallback: '60' },
  { name: 'PURGE_BATCH', fallback: '1000' },
  { name: 'TOKENINFO_REALMS', fallback: 'named' },
  { name: 'TOKENINFO_ERRORS', fallback: 'modern' },
  { name: 'AXWAY_REALMS', fallback: '*' },
  { name: 'AXWAY_TOKENINFO_METHODS', fallback: 'GET,POST' },
  { name: 'AXWAY_TOKEN_PARAMETER', fallback: 'access_token' },
  { name: 'AXWAY_TOKEN_SELECTOR' },
  { name: 'AXWAY_ADDITIONAL_PARAMETERS', fallback: '[]' },
  { name: 'SELECTOR_ENV' },
  { name: 'ACCESS_LOG', fallback: 'refused' },
  { name: 'LOG_LEVEL', fallback: 'info' },
  { name: 'NODE_ENV', fallback: 'development' },
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];

/** The environment: names and texts. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings cannot be used; the message names each bad one and the reason, a line each, and never its value. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
  }
}

/** Reads settings one by one and gathers what is wrong with them. */
export class SettingReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  refuse(name: SettingName, reason: string): void {
    this.problems.push(`${name}: ${reason}`);
  }

  text(name: SettingName): string | undefined {
    const setting: Setting | undefined = settings.find((known) => known.name === name);
    return this.environment[name] || setting?.fallback;
  }

  integer(name: SettingName, least: number, most: number): number {
    const text = this.text(name) ?? '';
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) this.refuse(name, `not a whole number from ${least} to ${most}`);
    return value;
  }

  oneOf<Value extends string>(name: SettingName, values: readonly Value[]): Value {
    const text = this.text(name);
    const value = values.find((known) => known === text);
    if (value === undefined) this.refuse(name, `none of ${values.join(', ')}`);
    return value ?? values[0];
  }

  /** Comma-separated texts. */
  list(name: SettingName): string[] {
    const parts = (this.text(name) ?? '').split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '');
  }

  file(name: SettingName): Buffer | undefined {
    const path = this.text(name);
    try {
      return path === undefined ? undefined : readFileSync(path);
    } catch (error) {
      this.refuse(
        name,
        `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      );
      return undefined;
    }
  }

  /** A JSON array of `{"name": …, "value": …}`. */
  rows(name: SettingName): { name: string; value: string }[] {
    try {
      const rows: unknown = JSON.parse(this.text(name) ?? '');
      if (Array.isArray(rows) && rows.every(isRow)) return rows;
    } catch {
      // Refused below, in words of our own: the parser's would quote the setting.
    }
    this.refuse(name, 'not a JSON array of {"name": "…", "value": "…"}');
    return [];
  }
}

function isRow(row: unknown): row is { name: string; value: string } {
  const { name, value, ...rest } = (row ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof value === 'string' && Object.keys(rest).length === 0;
}
