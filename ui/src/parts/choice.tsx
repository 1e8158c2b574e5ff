import { useView } from '../shell/view.js';

interface ChoiceProps<Value extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  /** The parameter of the URL that holds the choice. */
  readonly name: string;
  readonly values: readonly Value[];
  readonly chosen: Value;
  readonly text?: (value: Value) => string;
}

/** One of a few values, as links: each is a URL of its own. */
export function Choice<Value extends string>({ label, name, values, chosen, text }: ChoiceProps<Value>) {
  const { path, query, link } = useView();
  return (
    <nav class="choice" aria-label={label}>
      {values.map((value) => (
        <a
          key={value}
          href={link(path, { ...query, [name]: value })}
          aria-current={value === chosen ? 'true' : undefined}
        >
          {text ? text(value) : value}
        </a>
      ))}
    </nav>
  );
}
