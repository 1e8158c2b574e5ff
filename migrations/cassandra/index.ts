import { tokens0001 } from './0001-tokens.js';

/** A statement of a step, and the table that it creates: it is left out where the table is there. */
export interface SchemaStatement {
  readonly table: string;
  readonly cql: string;
}

/** A change of the schema. Steps only add: what an operator has altered stays as it is. */
export interface SchemaStep {
  readonly name: string;
  readonly statements: readonly SchemaStatement[];
}

/** Every step, in the order in which they are made. */
export const schemaSteps: readonly SchemaStep[] = [tokens0001];
