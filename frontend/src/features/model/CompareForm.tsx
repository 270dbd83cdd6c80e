import { useId, useState } from 'preact/hooks';
import type { ListedModel } from '../../api/types.ts';

/** Chooses two versions to be seen side by side. */
export function CompareForm({ versions, a, b }: { versions: readonly ListedModel[]; a: string; b: string }) {
  const [chosen, setChosen] = useState({ a, b });
  if (versions.length < 2) return null;
  return (
    <form
      class="filters"
      aria-label="Compare two versions"
      onSubmit={(event) => {
        event.preventDefault();
        location.hash = `model/compare?${new URLSearchParams(chosen)}`;
      }}
    >
      <Choice label="Compare" value={chosen.a} versions={versions} onChange={(version) => setChosen({ ...chosen, a: version })} />
      <Choice label="with" value={chosen.b} versions={versions} onChange={(version) => setChosen({ ...chosen, b: version })} />
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
