import { resolve } from 'node:path';
import { readSecretFile, SecretFileError } from '../config/secret-file.js';
import type { Environment } from '../config/setting-reader.js';
import { hasReplacedBytes } from '../config/utf8.js';

/** A text with its variables substituted; where that failed, the unchanged text and the reason. */
export interface Substitution {
  readonly text: string;
  readonly reason?: string;
}

/** What the `${…}`s of a file stand for. */
export interface Replacements {
  readonly env: Environment;
  /** Where a relative path in `${file:…}` begins: the folder of the configuration file. */
  readonly folder: string;
}

const reference = /\$\$\{|\$\{(?:file:([^}\p{Control}]+)\}|([A-Za-z_][A-Za-z0-9_]*)\})?/gu;
const wholeReference = /^\$\{(?:file:[^}\p{Control}]+|[A-Za-z_][A-Za-z0-9_]*)\}$/u;

/** Whether a text is one `${NAME}` and nothing else. */
export function isReference(text: string): boolean {
  return wholeReference.test(text);
}

/**
 * Replaces each `${NAME}` by the environment variable of that name, and each `${file:PATH}` by the text in that file;
 * `$${` stands for the characters `${`. What is filled in is not substituted again. A variable or file that is empty is
 * refused like one that is not there: an empty value is a mistake more often than what was meant.
 */
export function substitute(text: string, replacements: Replacements): Substitution {
  const flaws = new Map<string, Set<string>>();
  let malformed = false;
  const substituted = text.replace(reference, (found: string, path?: string, name?: string) => {
    if (found === '$${') return '${';
    const what = path ?? name;
    if (what === undefined) {
      malformed = true;
      return found;
    }
    const { value, flaw } = path === undefined ? variable(what, replacements) : fileText(what, replacements);
    if (flaw !== undefined) flaws.set(flaw, (flaws.get(flaw) ?? new Set()).add(what));
    return value ?? found;
  });
  if (malformed) {
    return {
      text,
      reason: 'a ${ must begin ${NAME} or ${file:PATH}; write $${ for the characters themselves',
    };
  }
  const [flaw] = flaws;
  return flaw ? { text, reason: `${flaw[0]}: ${[...flaw[1]].join(', ')}` } : { text: substituted };
}

/** What a reference stands for, or why it stands for nothing. */
interface Replacement {
  readonly value?: string;
  readonly flaw?: string;
}

function variable(name: string, { env }: Replacements): Replacement {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value === undefined) return { flaw: 'not set in the environment' };
  if (value === '') return { flaw: 'empty in the environment' };
  return hasReplacedBytes(value) ? { flaw: 'not UTF-8 in the environment' } : { value };
}

function fileText(path: string, { folder }: Replacements): Replacement {
  try {
    return { value: readSecretFile(resolve(folder, path)) };
  } catch (error) {
    if (error instanceof SecretFileError) return { flaw: error.message };
    throw error;
  }
}

/** Reads booleans and decimal integers like YAML's core schema (YAML 1.2.2 §10.3.2); leaves other text. */
export function readCoreScalar(text: string): unknown {
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === 'true';
  return /^[-+]?[0-9]+$/.test(text) ? Number(text) : text;
}
