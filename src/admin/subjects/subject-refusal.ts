import { versionOf } from '../../domain/subject-records.js';
import { type ChangeRefused } from '../../provisioning/change-refused.js';
import { entityTag } from '../entity-tag.js';
import { notFound, Problem } from '../problem.js';

/** The problem document of a refused change. */
export function refusedChange({ reason, problems, current }: ChangeRefused): Problem {
  const errors = problems.map(({ pointer, reason: detail }) => ({ pointer, detail }));
  switch (reason) {
    case 'missing':
    case 'no_realm':
      return notFound();
    case 'exists':
      return new Problem('conflict', 'There is one of this name already.');
    case 'not_empty':
      return new Problem('conflict', 'The realm has clients or users; recursive=true removes them, too.', {
        errors: [{ parameter: 'recursive', detail: 'must be true for a realm that has clients or users' }],
      });
    case 'root_realm':
      return new Problem('conflict', 'The root realm cannot be removed.');
    case 'members':
      return new Problem('bad-request', 'The body cannot be used.', { errors });
    case 'not_allowed':
      return new Problem('not-allowed', 'The realm of the caller does not allow it.', { errors });
    case 'stale': {
      const version = current && versionOf(current);
      const headers = version === undefined ? undefined : { ETag: entityTag(version) };
      return new Problem('stale', 'Another version is stored than If-Match names.', { version, headers });
    }
  }
}
