import { useEffect, useState } from 'preact/hooks';
import { useView } from '../shell/view.js';

/** How long after the last key a filter takes effect, in milliseconds. */
const pauseMs = 300;

interface FilterProps {
  readonly label: string;
  /** The parameter of the URL that holds the filter. */
  readonly name: string;
  /** Values to choose from; any other may be typed. */
  readonly known?: readonly string[];
}

/** A filter of a list, which the server applies. Its value is in the URL. */
export function Filter({ label, name, known = [] }: FilterProps) {
  const { query, show } = useView();
  const current = query[name] ?? '';
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  useEffect(() => {
    if (text === current) return undefined;
    const timer = setTimeout(() => show({ [name]: text || undefined }), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="filter">
      <span>{label}</span>
      <input
        type="search"
        name={name}
        value={text}
        list={known.length > 0 ? `known-${name}` : undefined}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      {known.length > 0 && (
        <datalist id={`known-${name}`}>
          {known.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </label>
  );
}

interface FilterChoiceProps {
  readonly label: string;
  /** The parameter of the URL that holds the filter. */
  readonly name: string;
  /** The values, and how each is called. */
  readonly values: Readonly<Record<string, string>>;
}

/** A filter that has one of a few values, or none. */
export function FilterChoice({ label, name, values }: FilterChoiceProps) {
  const { query, show } = useView();
  return (
    <label class="filter">
      <span>{label}</span>
      <select
        name={name}
        value={query[name] ?? ''}
        onChange={({ currentTarget }) => show({ [name]: currentTarget.value || undefined })}
      >
        <option value="">all</option>
        {Object.entries(values).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ChipProps {
  readonly label: string;
  /** The parameter of the URL that it removes. */
  readonly name: string;
}

/** A filter that was chosen elsewhere, and can be removed. Nothing where the URL has none. */
export function Chip({ label, name }: ChipProps) {
  const { path, query, link } = useView();
  const value = query[name];
  if (value === undefined) return null;
  return (
    <a class="chip" href={link(path, { ...query, [name]: undefined })} title={`Remove the filter ${label}`}>
      {label} <b>{value === '' ? 'none' : value}</b> <span aria-hidden="true">×</span>
      <span class="unseen">, remove</span>
    </a>
  );
}
