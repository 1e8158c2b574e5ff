import { decodeUtf8, NotUtf8 } from '../config/utf8.js';
import type { Source } from './parse.js';
import { ConfigurationFileError } from './problems.js';

/**
 * A configuration file, of its bytes.
 * @param file the name to call it by in errors
 * @throws ConfigurationFileError with the line where it is not UTF-8
 */
export function sourceOf(file: string, bytes: Uint8Array): Source {
  try {
    return { file, text: decodeUtf8(bytes) };
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    throw new ConfigurationFileError([`${file}:${error.line}: ${error.message}`]);
  }
}
