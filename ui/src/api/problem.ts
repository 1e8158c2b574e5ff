/** What is wrong with one part of a request: a parameter, or a member of the body by its JSON pointer (RFC 6901). */
export interface PartError {
  readonly parameter?: string;
  readonly pointer?: string;
  readonly detail: string;
}

/** The members of a problem document (RFC 9457) that the dashboard reads. */
interface ProblemDocument {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly PartError[];
  readonly correlation_id?: string;
}

/** A request that the server refused, or that it did not answer. */
export class ApiProblem extends Error {
  constructor(
    /** HTTP's status; 0 where there was no answer. */
    readonly status: number,
    /** The last part of the problem's type: `not-found`. */
    readonly kind: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: readonly PartError[] = [],
    /** Finds the request in the server's log. */
    readonly correlationId?: string,
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }

  /** What is wrong with the member at this pointer; undefined where nothing is. */
  at(pointer: string): string | undefined {
    return this.errors.find((error) => error.pointer === pointer)?.detail;
  }
}

/** Reads the problem of an answer, whoever gave it: a proxy's answer is no problem document. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  const document = (isProblem ? await response.json() : {}) as ProblemDocument;
  const { type = '', title = 'The request was refused', detail, errors, correlation_id } = document;
  return new ApiProblem(
    response.status,
    type.slice(type.lastIndexOf(':') + 1),
    title,
    detail ?? `The answer has the status ${response.status}.`,
    errors,
    correlation_id,
  );
}

/** The problem of a request that got no answer. */
export function noAnswer(): ApiProblem {
  return new ApiProblem(
    0,
    'no-answer',
    'The server does not answer',
    'Is it running, and reachable from here?',
  );
}
