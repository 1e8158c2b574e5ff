/**
 * A configuration that is refused. Its message has one line for each problem: `file:line: key: reason`, where
 * the key is a path like `realms[0].clients[1].grant_types[0]`, left out where the trouble is the YAML itself.
 * No value of the file or of the environment is ever part of it.
 */
export class ConfigurationFileError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigurationError';
  }
}

/** How a name continues a key: `.name`, or in brackets where it is no plain word. */
export function keySegment(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** The key of what stands under `name` in the mapping under `key`; the whole file's key is empty. */
export function childKey(key: string, name: string): string {
  return (key + keySegment(name)).replace(/^\./, '');
}

/** Gathers what is wrong with one configuration file, so that all of it can be told at once. */
export class Problems {
  private readonly lines = new Map<string, number>();
  private readonly found: { line: number; key: string; reason: string }[] = [];

  constructor(private readonly file: string) {}

  /** Remembers the line, counted from 1, that a key stands on. */
  mark(key: string, line: number): void {
    this.lines.set(key, line);
  }

  has(key: string): boolean {
    return this.found.some((problem) => problem.key === key);
  }

  /** @param line that of the key, or of what it would stand in, unless told */
  add(key: string, reason: string, line = this.lineOf(key)): void {
    this.found.push({ line, key, reason });
  }

  /** @throws ConfigurationError when there is any problem, with all of them in the order of their lines */
  throwIfAny(): void {
    if (this.found.length > 0) throw this.error();
  }

  /** For a problem that makes it useless to look for more. */
  fail(key: string, reason: string): never {
    this.add(key, reason);
    throw this.error();
  }

  private error(): ConfigurationFileError {
    const sorted = [...this.found].sort((one, other) => one.line - other.line);
    return new ConfigurationFileError(
      sorted.map(({ line, key, reason }) => `${this.file}:${line}: ${key === '' ? '' : `${key}: `}${reason}`),
    );
  }

  private lineOf(key: string): number {
    let known = key;
    while (known !== '' && !this.lines.has(known)) {
      known = known.slice(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['), 0));
    }
    return this.lines.get(known) ?? 1;
  }
}
