import { useId, useState } from 'preact/hooks';
import type { ListedModel } from '../../api/types.ts';

/** Chooses two versions to be seen side by side: `a` and `b` until others are picked. */
export function CompareForm({ versions, a, b }: { versions: readonly ListedModel[]; a: string; b: string }) {
  const [picked, setPicked] = useState<{ a?: string; b?: string }>({});
  if (versions.length < 2) return null;
  const chosen = { a, b, ...picked };
  return (
    <form
      class="filters"
      aria-label="Compare two versions"
      onSubmit={(event) => {
        event.preventDefault();
        location.hash = `model/compare?${new URLSearchParams(chosen)}`;
      }}
    >
      <Choice label="Compare" value={chosen.a} versions={versions} onChange={(version) => setPicked({ ...picked, a: version })} />
      <Choice label="with" value={chosen.b} versions={versions} onChange={(version) => setPicked({ ...picked, b: version })} />
      <button type="submit" class="button" disabled={chosen.a === '' || chosen.b === '' || chosen.a === chosen.b}>
        Compare
      </button>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  versions: readonly ListedModel[];
  onChange: (version: string) => void;
}

function Choice({ label, value, versions, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {versions.map(({ version, role }) => (
          <option key={version} value={version}>
            {role ? `${version} (${role})` : version}
          </option>
        ))}
      </select>
    </div>
  );
}
