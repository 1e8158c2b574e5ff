import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInstance,
  IsInt,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { type Check, oneOfReason, wholeNumberReason } from './checks.js';

// class-validator's decorators with the words of this project. Of several on one property the first one that fails
// counts, so the type comes first.

/** A property that must be given. */
export function Required(): PropertyDecorator {
  return IsDefined({ message: 'is missing' });
}

/** A property that the check accepts. */
export function Is(check: Check): PropertyDecorator {
  const validate = (value: unknown) => check(value) === undefined;
  const defaultMessage = (args?: { value: unknown }) => check(args?.value) ?? '';
  return ValidateBy({ name: 'is', validator: { validate, defaultMessage } });
}

/** A property that is one of these texts. */
export function IsOneOf(values: readonly string[]): PropertyDecorator {
  return IsIn(values, { message: oneOfReason(values) });
}

/** A property that is true or false. */
export function IsTrueOrFalse(): PropertyDecorator {
  return IsBoolean({ message: 'must be true or false' });
}

export function IsWholeNumber(min: number, max: number): PropertyDecorator {
  const message = wholeNumberReason(min, max);
  return all(IsInt({ message }), Min(min, { message }), Max(max, { message }));
}

/** Name of the constraint that every item of a list must meet. */
export const eachItem = 'eachItem';

/** A list of which the check accepts every item. */
export function IsListOf(check: Check): PropertyDecorator {
  const validate = (item: unknown) => check(item) === undefined;
  const defaultMessage = (args?: { value: unknown[] }) => args?.value.map(check).find(Boolean) ?? '';
  const items = ValidateBy({ name: eachItem, validator: { validate, defaultMessage } }, { each: true });
  return all(IsArray({ message: 'must be a list' }), items);
}

/** A mapping that is read as an entry, validated by the entry's own decorators. */
export function IsEntry(): PropertyDecorator {
  return ValidateNested();
}

/** A list of items of a class, each validated by the class's own decorators. */
export function IsListOfEntries(): PropertyDecorator {
  return all(IsArray({ message: 'must be a list' }), ValidateNested({ each: true }));
}

/** A mapping whose values are of a class, each validated by the class's own decorators. */
export function IsMappingOfEntries(): PropertyDecorator {
  return all(IsInstance(Map, { message: 'must be a mapping' }), ValidateNested({ each: true }));
}

/** class-validator asks decorators in the order in which they are applied. */
function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}
