import type { FoundSubject } from '../api/answers.js';

/** Where a subject that was found is shown: the path and query of a page. */
export function targetOf({
  kind,
  realm,
  name = '',
}: FoundSubject): [string, Readonly<Record<string, string>>] {
  switch (kind) {
    case 'realm':
      return ['/traffic', { realm, by: 'client' }];
    case 'client':
      return ['/traffic', { realm, client: name }];
    case 'user':
      return ['/audit', { realm, name }];
  }
}
