import { useState } from 'preact/hooks';
import { type Change, withQuery } from '../../api/client.js';
import { ApiProblem } from '../../api/problem.js';
import type { Resource } from '../../api/resource.js';
import { useSession } from '../../session/session.js';
import { useView } from '../../shell/view.js';
import { type Asked, ConfirmDialog } from '../../parts/confirm-dialog.js';
import type { Subject } from './member.js';
import { routeOf, type SubjectName } from './routes.js';

/** Something that can be done with a subject, once its reader agrees. */
interface Action {
  readonly title: string;
  readonly says: string;
  readonly asks?: Asked;
  readonly change: (typed: string) => Change;
  /** Whether the subject is gone then. */
  readonly removes?: boolean;
  /** What can be done instead where the server refuses it; undefined for nothing. */
  readonly instead?: (problem: ApiProblem) => Action | undefined;
}

interface SubjectActionsProps {
  readonly subject: SubjectName;
  readonly shown: Resource<Subject>;
  readonly stored: Subject;
}

/** What can be done with a subject. */
export function SubjectActions({ subject, shown, stored }: SubjectActionsProps) {
  const { api } = useSession();
  const { path, link, open } = useView();
  const [action, setAction] = useState<Action>();
  const act = async (typed: string) => {
    if (!action) return;
    try {
      await api.send(action.change(typed));
    } catch (error) {
      const other = error instanceof ApiProblem ? action.instead?.(error) : undefined;
      if (!other) throw error;
      setAction(other);
      return;
    }
    setAction(undefined);
    if (action.removes) open(link(path));
    else shown.reload();
  };
  return (
    <div class="actions">
      <a href={link(path, { name: subject.name, edit: 'yes' })}>Edit</a>
      {actionsOf(subject, stored, shown.etag).map((one) => (
        <button key={one.title} type="button" onClick={() => setAction(one)}>
          {one.title}
        </button>
      ))}
      {action && (
        <ConfirmDialog key={action.title} {...action} act={act} onClose={() => setAction(undefined)} />
      )}
    </div>
  );
}

function actionsOf(
  subject: SubjectName,
  { enabled }: Subject,
  ifMatch: string | undefined,
): readonly Action[] {
  const { kind } = subject.kind;
  return [
    {
      title: enabled === true ? 'Disable' : 'Enable',
      says:
        enabled === true
          ? `The ${kind} can be used no more, and its tokens end.`
          : `The ${kind} can be used again.`,
      change: () => ({
        method: 'PATCH',
        path: routeOf(subject),
        body: { enabled: enabled !== true },
        ifMatch,
      }),
    },
    {
      title: 'End all tokens',
      says: `All tokens of the ${kind} end now. The ${kind} stays as it is.`,
      change: () => ({ method: 'POST', path: routeOf(subject, '/revoke') }),
    },
    ...(kind === 'user' ? [passwordAction(subject)] : []),
    removal(subject, ifMatch),
  ];
}

function passwordAction(subject: SubjectName): Action {
  return {
    title: 'Set a password',
    says: 'The user gets another password, and all tokens of the user end.',
    asks: { label: 'New password', secret: true },
    change: (password) => ({ method: 'PUT', path: routeOf(subject, '/password'), body: { password } }),
  };
}

function removal(subject: SubjectName, ifMatch: string | undefined): Action {
  const { kind } = subject.kind;
  const path = routeOf(subject);
  return {
    title: 'Delete',
    says: `The ${kind} is deleted, and its tokens end. This cannot be undone.`,
    asks: { label: `Type ${subject.name} to delete it`, expected: subject.name },
    change: () => ({ method: 'DELETE', path, ifMatch }),
    removes: true,
    instead: ({ errors }) =>
      errors.some(({ parameter }) => parameter === 'recursive') ? removalOfAll(subject, ifMatch) : undefined,
  };
}

function removalOfAll(subject: SubjectName, ifMatch: string | undefined): Action {
  // A realm's route has no query.
  const path = withQuery(routeOf(subject), { recursive: 'true' });
  return {
    title: 'Delete with all that it holds',
    says: `Nothing is deleted yet: the ${subject.kind.kind} has clients or users. They are deleted with it, and all of their tokens end. This cannot be undone.`,
    asks: { label: `Type ${subject.name} to delete all of it`, expected: subject.name },
    change: () => ({ method: 'DELETE', path, ifMatch }),
    removes: true,
  };
}
