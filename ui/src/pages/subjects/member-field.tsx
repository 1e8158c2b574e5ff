import { useId } from 'preact/hooks';
import { FieldFrame } from '../../parts/field.js';
import type { Member } from './member.js';

interface MemberFieldProps {
  readonly member: Member;
  readonly text: string;
  /** What is wrong with it. */
  readonly error?: string;
  readonly onText: (text: string) => void;
}

/** The field of a member, by its type. */
export function MemberField({ member, text, error, onText }: MemberFieldProps) {
  const { name, label, type, help, values = [], required } = member;
  const id = useId();
  const field = {
    ...{ id, name, required, autocomplete: 'off', spellcheck: false },
    'aria-invalid': error !== undefined,
    'aria-describedby': `${id}-error ${id}-hint`,
  };
  const onInput = ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
    onText(currentTarget.value);
  return (
    <FieldFrame id={id} label={label} error={error} hint={help}>
      {type === 'flag' ? (
        <input
          {...field}
          type="checkbox"
          checked={text === 'true'}
          onChange={({ currentTarget }) => onText(String(currentTarget.checked))}
        />
      ) : type === 'choice' ? (
        <select {...field} value={text} onChange={onInput}>
          {['', ...values].map((value) => (
            <option key={value} value={value}>
              {value || 'the default'}
            </option>
          ))}
        </select>
      ) : type === 'list' || type === 'mapping' ? (
        <textarea
          {...field}
          rows={Math.min(text.split('\n').length + 1, 12)}
          value={text}
          onInput={onInput}
        />
      ) : (
        <input
          {...field}
          {...(type === 'secret' ? { type: 'password' } : { type: 'text' })}
          value={text}
          onInput={onInput}
        />
      )}
    </FieldFrame>
  );
}
