import { getMetadataArgsStorage } from 'typeorm';

interface Column<Row> {
  readonly property: keyof Row & string;
  readonly name: string;
  readonly type: string;
}

/** A row as it is selected: times are numbers, written as texts, as the driver returns every bigint and numeric. */
export type Selected<Row> = {
  [Property in keyof Row]: Date extends Row[Property] ? Exclude<Row[Property], Date> | string : Row[Property];
};

/**
 * SQL that selects a time in milliseconds since 1970. How PostgreSQL writes a time depends on `DateStyle` and `TimeZone`
 * of the database and the user; how it writes a number does not.
 */
export function milliseconds(time: string): string {
  return `(date_part('epoch', ${time}) * 1000)::bigint`;
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

  /** The columns under the names of the entity's properties, for SELECT: each row is a `Selected<Row>`. */
  get selection(): string {
    return this.columns.map((column) => `${selected(column)} AS "${column.property}"`).join(', ');
  }

  /** `$1, $2, …`: a parameter for each column of one row, starting after `offset`. */
  parameters(offset = 0): string {
    return this.columns.map((_, index) => `$${index + 1 + offset}`).join(', ');
  }

  /** As `parameters`, each with its column's type: `$1::bytea, $2::text, …`. */
  typedParameters(offset = 0): string {
    return this.columns.map(({ type }, index) => `$${index + 1 + offset}::${type}`).join(', ');
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

/** A column's value, written in the same way whatever is set in the database: a float depends on `extra_float_digits`. */
function selected({ name, type }: { readonly name: string; readonly type: string }): string {
  if (type === 'timestamptz') return milliseconds(name);
  return type === 'double precision' ? `${name}::numeric` : name;
}

/** Turns rows into columns; there are `width` columns even where there is no row. */
export function transposed(rows: readonly (readonly unknown[])[], width: number): unknown[][] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));
}
