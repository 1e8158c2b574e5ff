import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { SettingsError } from '../config/setting-reader.js';
import { demoConfiguration } from '../provisioning/demo.js';
import type { Source } from '../provisioning/parse.js';

/**
 * Reads the configuration file to apply, or returns the demo's if the demo is served; undefined for neither.
 * @throws SettingsError when the file cannot be read
 */
export function readSource({ configFile, demo }: Config): Source | undefined {
  if (configFile === undefined) return demo ? demoConfiguration : undefined;
  try {
    return { file: configFile, text: readFileSync(configFile, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingsError([`CONFIG_FILE: the file cannot be read (${code})`]);
  }
}
