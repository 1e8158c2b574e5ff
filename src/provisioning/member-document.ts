import type { Environment } from '../config/setting-reader.js';
import { readDocument } from './document.js';
import type { Members } from '../domain/members.js';
import { FileProblems } from './problems.js';

/**
 * Reads a file with the members of one subject, as a configuration file has them: YAML or JSON, with `${…}`.
 * @param file the name to call it by in errors
 * @param folder where a relative path in `${file:…}` begins
 * @returns the members; mappings are Maps
 * @throws ConfigurationFileError
 */
export function readMemberDocument(file: string, text: string, env: Environment, folder: string): Members {
  const problems = new FileProblems(file);
  const members = readDocument(text, { env, folder }, problems);
  return members instanceof Map ? (members as Members) : problems.fail('', 'must be a mapping');
}

/**
 * Reads the value of one member, as a configuration file has it.
 * @param name what to call it by in errors
 * @returns null for an empty text
 * @throws ConfigurationFileError
 */
export function readMemberValue(name: string, text: string): unknown {
  return readDocument(text, { env: {}, folder: '.' }, new FileProblems(name));
}
