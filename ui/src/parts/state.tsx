import type { ComponentChildren } from 'preact';
import type { ApiProblem } from '../api/problem.js';
import type { Resource } from '../api/resource.js';

interface ShownProps<Body> {
  readonly of: Resource<Body>;
  /** Whether there is nothing to show. */
  readonly isEmpty?: (body: Body) => boolean;
  /** What is said then. */
  readonly empty?: ComponentChildren;
  /** Whether it belongs to no realm: other callers than the root realm's get 404. */
  readonly rootOnly?: boolean;
  readonly children: (body: Body) => ComponentChildren;
}

/** Shows what a path answers, or the state that it is in: loading, failed, not permitted, empty. */
export function Shown<Body>({ of, isEmpty, empty, rootOnly = false, children }: ShownProps<Body>) {
  const { body, problem, outdated, reload } = of;
  if (body !== undefined) {
    const content = isEmpty?.(body) ? (
      <p class="state">{empty ?? 'There is nothing here yet.'}</p>
    ) : (
      children(body)
    );
    return (
      <div class={outdated ? 'outdated' : undefined} aria-busy={outdated}>
        {content}
      </div>
    );
  }
  if (!problem) {
    return (
      <p class="state loading" role="status">
        Loading …
      </p>
    );
  }
  return <Refused problem={problem} rootOnly={rootOnly} reload={reload} />;
}

interface RefusedProps {
  readonly problem: ApiProblem;
  readonly rootOnly?: boolean;
  readonly reload?: () => void;
}

/** Says why there is nothing to show. */
export function Refused({ problem, rootOnly = false, reload }: RefusedProps) {
  if (rootOnly && problem.status === 404) {
    return <p class="state no-right">It belongs to no realm: only a token of the root realm may see it.</p>;
  }
  if (problem.status === 403) return <p class="state no-right">{problem.detail}</p>;
  return (
    <div class="state failed" role="alert">
      <p>
        <strong>{problem.title}.</strong> {problem.detail}
      </p>
      {problem.correlationId !== undefined && (
        <p class="hint">
          Correlation id <code>{problem.correlationId}</code>
        </p>
      )}
      {reload && (
        <button type="button" onClick={reload}>
          Try again
        </button>
      )}
    </div>
  );
}
