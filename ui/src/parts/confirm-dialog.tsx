import { useState } from 'preact/hooks';
import { useAttempt } from '../api/attempt.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { Refused } from './state.js';

/** A text that a dialog asks for. */
export interface Asked {
  readonly label: string;
  readonly initial?: string;
  /** Whether what is typed must not be seen. */
  readonly secret?: boolean;
  /** The only text that will do, if there is one. */
  readonly expected?: string;
}

interface ConfirmDialogProps {
  readonly title: string;
  /** What it does. */
  readonly says: string;
  /** What must be typed. */
  readonly asks?: Asked;
  /** @throws ApiProblem */
  readonly act: (typed: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Says what a change does, and makes it when its reader agrees. A refusal is shown here. */
export function ConfirmDialog({ title, says, asks, act, onClose }: ConfirmDialogProps) {
  const [typed, setTyped] = useState(asks?.initial ?? '');
  const { busy, problem, attempt } = useAttempt();
  const other = asks?.expected !== undefined && typed !== asks.expected;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!other) void attempt(() => act(typed));
        }}
      >
        <p>{says}</p>
        {asks && (
          <Field
            {...{ label: asks.label, secret: asks.secret, value: typed }}
            name="confirmation"
            onValue={setTyped}
            error={problem?.errors.map(({ detail }) => detail).join('; ') || undefined}
            autofocus
            required
          />
        )}
        {problem && <Refused problem={problem} />}
        <button class="primary" type="submit" disabled={other} aria-busy={busy}>
          {title}
        </button>
      </form>
    </Dialog>
  );
}
