import type { FoundSubject } from '../api/answers.js';

/** Where a subject that was found is shown: the path and query of a page. */
export function targetOf({
  kind,
  realm,
  name = '',
}: FoundSubject): [string, Readonly<Record<string, string>>] {
  switch (kind) {
    case 'realm':
      return ['/realms', { realm, name: realm }];
    case 'client':
      return ['/clients', { realm, name }];
    case 'user':
      return ['/users', { realm, name }];
  }
}
