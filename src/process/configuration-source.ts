import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { SettingsError } from '../config/setting-reader.js';
import { demoConfiguration } from '../provisioning/demo.js';
import type { Source } from '../provisioning/parse.js';
import { sourceOf } from '../provisioning/source.js';

/**
 * Reads the configuration file to apply, or returns the demo's if the demo is served; undefined for neither.
 * @throws SettingsError when the file cannot be read
 * @throws ConfigurationFileError when it is not UTF-8
 */
export function readSource({ configFile, demo }: Config): Source | undefined {
  if (configFile === undefined) return demo ? demoConfiguration : undefined;
  return sourceOf(configFile, read(configFile));
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError([`CONFIG_FILE: the file cannot be read (${code})`]);
  }
}
