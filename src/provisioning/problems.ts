/**
 * A configuration file that was refused. The message has one line for each problem: `file:line: key: reason`,
 * where the key is a path like `realms[0].clients[1].grant_types[0]`, left out where the YAML itself is
 * wrong. No value of the file or of the environment is ever part of it, but for two user names that collide.
 */
export class ConfigurationFileError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigurationFileError';
  }
}

/** What a name adds to a key: `.name`, or the name in brackets where it is not a plain word. */
export function keySegment(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** The key of the value under `name` in the mapping at `key`; the key of the whole file is empty. */
export function childKey(key: string, name: string): string {
  return (key + keySegment(name)).replace(/^\./, '');
}

/** Collects what is wrong with entries, each problem under its key, so that all of them can be reported at once. */
export abstract class Problems {
  abstract has(key: string): boolean;
  abstract add(key: string, reason: string): void;
  /** Adds that the mapping at a key has a name that its entry does not have. */
  abstract addUnknown(key: string, name: string): void;
  /** Throws an error with all problems, if there is any. */
  abstract throwIfAny(): void;
}

/** Collects the problems of one configuration file. */
export class FileProblems extends Problems {
  private readonly lines = new Map<string, number>();
  private readonly found: { line: number; key: string; reason: string }[] = [];

  constructor(private readonly file: string) {
    super();
  }

  /** Records the line of a key, counted from 1. */
  mark(key: string, line: number): void {
    this.lines.set(key, line);
  }

  has(key: string): boolean {
    return this.found.some((problem) => problem.key === key);
  }

  /** @param line by default that of the key, or of the nearest mapping or list around it */
  add(key: string, reason: string, line = this.lineOf(key)): void {
    this.found.push({ line, key, reason });
  }

  addUnknown(key: string, name: string): void {
    this.add(childKey(key, name), 'unknown key');
  }

  /** @throws ConfigurationFileError with all problems in the order of their lines, if there is any */
  throwIfAny(): void {
    if (this.found.length > 0) throw this.error();
  }

  /**
   * Adds a problem after which looking for more is useless.
   * @throws ConfigurationFileError always
   */
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
