import type { Answer } from '../../api/client.js';
import { Dialog } from '../../parts/dialog.js';
import { Table } from '../../parts/table.js';
import { type Member, type Subject, type Texts, textOf, textsOf } from './member.js';

interface ConflictProps {
  readonly members: readonly Member[];
  /** The version that was being changed. */
  readonly base: Subject;
  readonly mine: Texts;
  readonly theirs: Answer<Subject>;
  /** Goes on with what is chosen, on top of their version. */
  readonly onChosen: (texts: Texts) => void;
}

/** Shows what I typed and what somebody else has stored meanwhile, and lets one of them be chosen. */
export function Conflict({ members, base, mine, theirs, onChosen }: ConflictProps) {
  const isMine = (member: Member) => mine[member.name] !== textOf(member, base);
  const stored = textsOf(members, theirs.body);
  const differing = members.filter(({ name }) => mine[name] !== stored[name]);
  const own = members.filter(isMine).map(({ name }) => [name, mine[name]] as const);
  const keepMine = () => onChosen({ ...stored, ...Object.fromEntries(own) });
  return (
    <Dialog title="Somebody else has changed it meanwhile" onClose={keepMine}>
      <Table
        caption="Both versions"
        columns={[
          { title: 'Member', prose: true, cell: ({ label }) => label },
          { title: 'Mine', prose: true, cell: ({ name }) => <span class="version">{mine[name]}</span> },
          { title: 'Theirs', prose: true, cell: ({ name }) => <span class="version">{stored[name]}</span> },
        ]}
        rows={differing}
        keyOf={({ name }) => name}
      />
      <p class="hint">Nothing is stored yet: save again after you have chosen.</p>
      <p class="actions">
        <button type="button" onClick={keepMine}>
          Keep my changes
        </button>
        <button type="button" onClick={() => onChosen(stored)}>
          Take theirs
        </button>
      </p>
    </Dialog>
  );
}
