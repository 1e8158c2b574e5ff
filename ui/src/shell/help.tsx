import { Fragment } from 'preact';
import { pages } from '../pages.js';
import { Dialog } from '../parts/dialog.js';

interface HelpProps {
  readonly keysOn: boolean;
  readonly onKeys: (on: boolean) => void;
  readonly onClose: () => void;
}

/** The keys of the dashboard. */
export function Help({ keysOn, onKeys, onClose }: HelpProps) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>search</dd>
        <dt>
          <kbd>j</kbd> <kbd>k</kbd>
        </dt>
        <dd>next and previous row; Enter opens it</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>close</dd>
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>these keys</dd>
        {pages.map(({ letter, title }) => (
          <Fragment key={letter}>
            <dt>
              <kbd>g</kbd> <kbd>{letter}</kbd>
            </dt>
            <dd>{title}</dd>
          </Fragment>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={keysOn}
          onChange={({ currentTarget }) => onKeys(currentTarget.checked)}
        />
        Use these keys
      </label>
    </Dialog>
  );
}
