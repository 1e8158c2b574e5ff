import { form, line } from './checks.js';
import { Is, IsMappingOfEntries } from './decorators.js';

/** What a scope token stands for, by language. */
export class ScopeTextEntry {
  @Is(line(255))
  en?: string;
  @Is(line(255))
  de?: string;
}

/** How the pages of a realm look. */
export class PagesEntry {
  /** The name that users know the service by. */
  @Is(line(100))
  name?: string;
  @Is(form((colour) => /^#[0-9a-f]{6}$/i.test(colour), 'must be a colour like #0055aa'))
  accent?: string;
  @IsMappingOfEntries()
  scopes?: ReadonlyMap<string, ScopeTextEntry>;
}
