import { useEffect, useRef } from 'preact/hooks';
import type { ApiProblem } from '../../api/problem.js';
import { Refused } from '../../parts/state.js';
import { Conflict } from './conflict.js';
import { MemberField } from './member-field.js';
import { type FormTarget, useSubjectForm } from './use-subject-form.js';

type SubjectFormProps = FormTarget & {
  /** Where one goes who changes nothing. */
  readonly back: string;
};

/** The form of a subject of any kind, new or stored. The server's reasons stand at their fields. */
export function SubjectForm(props: SubjectFormProps) {
  const { members, back } = props;
  const { base, texts, flaws, problem, theirs, busy, goOn, type, save } = useSubjectForm(props);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus();
  }, []);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem, flaws]);
  return (
    <form
      ref={form}
      class="members"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {members.map((member) => (
        <MemberField
          key={member.name}
          member={member}
          text={texts[member.name]}
          error={flaws[member.name] ?? (problem && reasonOf(problem, member.name))}
          onText={(text) => type(member.name, text)}
        />
      ))}
      {problem && !theirs && <Refused problem={problem} />}
      <p class="actions">
        <button class="primary" type="submit" aria-busy={busy}>
          Save
        </button>
        <a href={back}>Cancel</a>
      </p>
      {theirs && (
        <Conflict
          {...{ members, theirs }}
          base={base.body}
          mine={texts}
          onChosen={(chosen) => goOn(theirs, chosen)}
        />
      )}
    </form>
  );
}

/** What the server says of a member, and of what is in it. */
function reasonOf({ errors }: ApiProblem, name: string): string | undefined {
  const own = errors.filter(({ pointer = '' }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
  return own.map(({ detail }) => detail).join('; ') || undefined;
}
