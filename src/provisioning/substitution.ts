import type { Environment } from '../config/setting-reader.js';
import { hasReplacedBytes } from '../config/utf8.js';

/** A text with its variables substituted; where that failed, the unchanged text and the reason. */
export interface Substitution {
  readonly text: string;
  readonly reason?: string;
}

const reference = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?/g;
const wholeReference = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** Whether a text is one `${NAME}` and nothing else. */
export function isReference(text: string): boolean {
  return wholeReference.test(text);
}

/**
 * Replaces each `${NAME}` by the environment variable of that name; `$${` stands for the characters `${`. The
 * value of a variable is not substituted again. A variable that is set but empty is refused like one that is not set: an
 * empty value is a mistake more often than what was meant.
 */
export function substitute(text: string, env: Environment): Substitution {
  const missing = new Set<string>();
  const empty = new Set<string>();
  const broken = new Set<string>();
  let malformed = false;
  const substituted = text.replace(reference, (found: string, name: string | undefined) => {
    if (found === '$${') return '${';
    if (name === undefined) {
      malformed = true;
      return found;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined) missing.add(name);
    else if (value === '') empty.add(name);
    else if (hasReplacedBytes(value)) broken.add(name);
    return value ?? found;
  });
  if (malformed) return { text, reason: 'a ${ must begin ${NAME}; write $${ for the characters themselves' };
  if (missing.size > 0) return { text, reason: `not set in the environment: ${[...missing].join(', ')}` };
  if (empty.size > 0) return { text, reason: `empty in the environment: ${[...empty].join(', ')}` };
  if (broken.size > 0) return { text, reason: `not UTF-8 in the environment: ${[...broken].join(', ')}` };
  return { text: substituted };
}

/** Reads booleans and decimal integers like YAML's core schema (YAML 1.2.2 §10.3.2); leaves other text. */
export function readCoreScalar(text: string): unknown {
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === 'true';
  return /^[-+]?[0-9]+$/.test(text) ? Number(text) : text;
}
