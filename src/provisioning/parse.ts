import { dirname } from 'node:path';
import { validateSync } from 'class-validator';
import type { Environment } from '../config/setting-reader.js';
import type { PasswordForms } from '../domain/password-forms.js';
import { checkConsistency } from './consistency.js';
import { readDocument } from './document.js';
import type { RealmEntry } from './entries.js';
import { EntryReader } from './entry-reader.js';
import { addFlaws, validation } from './flaws.js';
import { FileProblems } from './problems.js';

/** A configuration file: the name to call it by in errors, and what it holds. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** What a file asks for, well-formed and free of contradictions. */
export interface Configuration {
  readonly realms: readonly RealmEntry[];
  /** None yet: a comparison with the directory may add some. */
  readonly problems: FileProblems;
}

/**
 * Reads a configuration file.
 * @throws ConfigurationFileError with everything that is wrong with it
 */
export function parseConfiguration(
  { file, text }: Source,
  env: Environment,
  forms: PasswordForms,
): Configuration {
  const problems = new FileProblems(file);
  const values = { env, folder: dirname(file) };
  const entry = new EntryReader(problems).readFile(readDocument(text, values, problems));
  addFlaws(validateSync(entry, validation), '', problems);
  checkConsistency(entry.realms, forms, problems);
  problems.throwIfAny();
  return { realms: entry.realms, problems };
}
