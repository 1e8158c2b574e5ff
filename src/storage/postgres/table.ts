import { getMetadataArgsStorage } from 'typeorm';

interface Column<Row> {
  readonly property: keyof Row & string;
  readonly name: string;
  readonly type: string;
}

/**
 * The columns of a table as its entity declares them, for the hot statements that are written by hand. So
 * only an entity and its migration name a column.
 */
export class Table<Row extends object, Declared extends Row = Row> {
  private readonly columns: readonly Column<Row>[];

  /**
   * @param entity a class with TypeORM's decorators
   * @param omitted properties that no statement reads or writes
   */
  constructor(entity: new () => Declared, omitted: readonly (keyof Declared & string)[] = []) {
    this.columns = getMetadataArgsStorage()
      .filterColumns(entity)
      .map(({ propertyName, options }) => ({
        property: propertyName as Column<Row>['property'],
        name: options.name ?? propertyName,
        type: `${String(options.type)}${options.array ? '[]' : ''}`,
      }))
      .filter(({ property }) => !omitted.some((name) => name === property));
  }

  /** The columns' names, for INSERT. */
  get names(): string {
    return this.columns.map(({ name }) => name).join(', ');
  }

  /** The columns under the names of the entity's properties, for SELECT: each row has the shape of the entity. */
  get selection(): string {
    return this.columns.map(({ name, property }) => `${name} AS "${property}"`).join(', ');
  }

  /** `$1, $2, …`: a parameter for each column of one row, starting after `offset`. */
  parameters(offset = 0): string {
    return this.columns.map((_, index) => `$${index + 1 + offset}`).join(', ');
  }

  /** How many parameters one row takes. */
  get width(): number {
    return this.columns.length;
  }

  /** `unnest($1::bytea[], $2::text[], …)`: a parameter for each column of any number of rows. */
  get rows(): string {
    const arrays = this.columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
    return `unnest(${arrays.join(', ')})`;
  }

  /** The values of `parameters` for one row. */
  values(row: Row): unknown[] {
    return this.columns.map(({ property, type }) => {
      const value = row[property];
      // The driver would write an array as a PostgreSQL array.
      return type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
    });
  }

  /** The values of `rows`: an array for each column. */
  arrays(rows: readonly Row[]): unknown[][] {
    return transposed(
      rows.map((row) => this.values(row)),
      this.columns.length,
    );
  }
}

/** Turns rows into columns; there are `width` columns even where there is no row. */
export function transposed(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}
