import { readFileSync } from 'node:fs';
import { readSecretFile, SecretFileError } from './secret-file.js';
import { type Setting, type SettingName, settings } from './settings.js';
import { hasReplacedBytes } from './utf8.js';

/** Environment variables, by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings cannot be used; the message names each bad one and the reason, a line each, and never its
 * value.
 */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

/** Reads settings one by one and collects the problems with them. */
export class SettingReader {
  readonly warnings: string[] = [];
  private readonly secrets = new Map<SettingName, string>();
  private readonly refused = new Map<SettingName, string>();

  constructor(private readonly environment: Environment) {}

  /** A line for each bad setting: its name, and the first reason. */
  get problems(): readonly string[] {
    return [...this.refused].map(([name, reason]) => `${name}: ${reason}`);
  }

  /** A setting may be refused more than once; the first reason counts, others mostly follow from it. */
  refuse(name: SettingName, reason: string): void {
    if (!this.refused.has(name)) this.refused.set(name, reason);
  }

  /** Accepts a setting that is probably not what its operator wants. */
  warn(name: SettingName, reason: string): void {
    this.warnings.push(`${name}: ${reason}`);
  }

  text(name: SettingName): string | undefined {
    const setting: Setting | undefined = settings.find((known) => known.name === name);
    const file = setting?.secret ? this.secretFile(name) : undefined;
    const text = this.environment[name] || file || setting?.fallback;
    if (text !== undefined && hasReplacedBytes(text)) this.refuse(name, 'is not UTF-8');
    return text;
  }

  /**
   * The secret in the file that `NAME_FILE` names, if it names one.
   * @throws SettingsError when there is none: what depends on the secret cannot be judged then
   */
  private secretFile(name: SettingName): string | undefined {
    const fileSetting = `${name}_FILE` as SettingName;
    const path = this.environment[fileSetting];
    if (!path) return undefined;
    if (this.environment[name]) this.refuse(fileSetting, `${name} is set, too: only one of them can be`);
    try {
      const secret = this.secrets.get(name) ?? readSecretFile(path);
      this.secrets.set(name, secret);
      return secret;
    } catch (error) {
      if (!(error instanceof SecretFileError)) throw error;
      this.refuse(fileSetting, error.message);
      throw new SettingsError(this.problems);
    }
  }

  /** A variable of the environment that a setting names; undefined where it is not set. */
  variable(name: string, namedBy: SettingName): string | undefined {
    const value = Object.hasOwn(this.environment, name) ? this.environment[name] : undefined;
    if (value !== undefined && hasReplacedBytes(value)) this.refuse(namedBy, `${name} is not UTF-8`);
    return value;
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

  /** Comma-separated texts; none where the setting has no value. */
  list(name: SettingName): string[] {
    const parts =
      this.text(name)
        ?.split(',')
        .map((part) => part.trim()) ?? [];
    if (parts.includes('')) this.refuse(name, 'a member of the list is empty');
    return parts;
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
      // Refused below with our own message: the parser's message would quote the value.
    }
    this.refuse(name, 'not a JSON array of {"name": "…", "value": "…"}');
    return [];
  }
}

function isRow(row: unknown): row is { name: string; value: string } {
  const { name, value, ...rest } = (row ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof value === 'string' && Object.keys(rest).length === 0;
}
