import type { Ref } from 'preact';
import { useId, useState } from 'preact/hooks';

/** Something to choose. */
export interface Option {
  readonly key: string;
  readonly label: string;
  /** What kind of thing it is, or where. */
  readonly detail?: string;
  readonly choose: () => void;
}

interface ComboboxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly options: readonly Option[];
  /** What is said when there is no option. */
  readonly nothing?: string;
  readonly input?: Ref<HTMLInputElement>;
  readonly onFocus?: () => void;
  /** Is called when the field is left, or Esc is pressed. */
  readonly onLeave?: () => void;
}

/** A field with a list of what fits its text (WAI-ARIA Authoring Practices, Combobox). */
export function Combobox(props: ComboboxProps) {
  const { label, placeholder, text, onText, options, nothing, input, onFocus, onLeave } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const shown = open && (options.length > 0 || nothing !== undefined);
  const close = () => {
    setOpen(false);
    onLeave?.();
  };
  const choose = (option: Option | undefined) => {
    if (!option) return;
    option.choose();
    close();
  };
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }) => {
    const steps: Partial<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && options.length > 0) {
      setOpen(true);
      setActive((active + step + options.length) % options.length);
    } else if (event.key === 'Enter') {
      choose(options.at(active));
      event.currentTarget.blur();
    } else if (event.key === 'Escape') {
      close();
      event.currentTarget.blur();
    } else return;
    event.preventDefault();
  };
  return (
    <div class="combobox">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && options.length > 0 ? `${id}-${active}` : undefined}
        placeholder={placeholder}
        value={text}
        autocomplete="off"
        spellcheck={false}
        onFocus={() => {
          setOpen(true);
          onFocus?.();
        }}
        onBlur={close}
        onInput={({ currentTarget }) => {
          setOpen(true);
          setActive(0);
          onText(currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={!shown}>
        {options.map((option, index) => (
          <li
            key={option.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            // Before the field loses the focus, which closes the list.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(option);
            }}
          >
            <span>{option.label}</span>
            {option.detail !== undefined && <span class="detail">{option.detail}</span>}
          </li>
        ))}
        {options.length === 0 && nothing !== undefined && (
          <li role="option" aria-disabled="true" aria-selected="false" class="detail">
            {nothing}
          </li>
        )}
      </ul>
    </div>
  );
}
