import type { Environment } from './setting-reader.js';
import { type Setting, settings } from './settings.js';

/** A setting of a process, as its operators may see it. */
export interface DescribedSetting {
  readonly name: string;
  /** The value in use. A secret is not shown, and of a URL only where it leads; undefined where there is none to show. */
  readonly value?: string;
  readonly fallback?: string;
  /** Where the value in use comes from: a variable, the file that `NAME_FILE` names, or the default, if there is one. */
  readonly from: 'environment' | 'file' | 'default';
  readonly secret: boolean;
  readonly unit?: string;
  /** What it means, in Markdown. */
  readonly meaning: string;
}

/** Every setting of an environment that was read without a problem. */
export function describeSettings(environment: Environment): DescribedSetting[] {
  return settings.map((setting) => described(setting, environment));
}

function described(setting: Setting, environment: Environment): DescribedSetting {
  const { name, fallback, secret = false, unit, meaning } = setting;
  const own = environment[name];
  const inFile = secret && Boolean(environment[`${name}_FILE`]);
  const shown = secret ? (name.endsWith('_URL') ? placeOf(own) : undefined) : withoutLogin(own);
  return {
    name,
    value: own || inFile ? shown : fallback,
    fallback,
    from: own ? 'environment' : inFile ? 'file' : 'default',
    secret,
    unit,
    meaning,
  };
}

/** Where the URL of a database leads: its host and database alone. Undefined for the folder of a socket. */
function placeOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^postgres(ql)?:\/\//.test(text)) return undefined;
  // The driver takes a URL without a host, too.
  const url = text.replace('@/', '@host/');
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${url === text ? host : ''}${pathname}`;
}

/** A text without the login of a URL in it. */
function withoutLogin(text: string | undefined): string | undefined {
  return text?.replace(/(:\/\/)[^/?#\s]*@/g, '$1');
}
