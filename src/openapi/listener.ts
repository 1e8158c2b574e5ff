import type { AnswerDescription, HeaderDescription, SecurityScheme } from './operation.js';

/** What the document of a listener says besides its operations. */
export interface ListenerDescription {
  readonly title: string;
  /** CommonMark. */
  readonly description: string;
  /** The groups of operations, in their order. */
  readonly tags: Readonly<Record<string, string>>;
  readonly securitySchemes: Readonly<Partial<Record<SecurityScheme, object>>>;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, HeaderDescription>>;
  /** Answers that every operation may give. */
  readonly everywhere: Readonly<Record<number, AnswerDescription>>;
  /** Answers to requests that no operation describes: of another path or method, or no request at all. */
  readonly elsewhere: Readonly<Record<number, AnswerDescription>>;
}
