import type { Column } from '../../api/types.ts';
import { CITY_INDEX, isNumeric, levelLabel } from '../../lib/contract.ts';
import './Field.css';

interface Props {
  column: Column;
  text: string;
  reasons: readonly string[];
  onText: (text: string) => void;
}

/** One column of the contract as a form field, with the reasons why the API refused its value, if it did. */
export function Field({ column, text, reasons, onText }: Props) {
  const { name } = column;
  const attributes = {
    id: name,
    name,
    value: text,
    required: !column.optional,
    'aria-invalid': reasons.length > 0,
    'aria-describedby': reasons.length > 0 ? `${name}-error ${name}-help` : `${name}-help`,
  };
  return (
    <div class={reasons.length > 0 ? 'field field-wrong' : 'field'}>
      <div class="field-head">
        <label for={name}>{column.label}</label>
        {column.optional && <span class="field-mark">optional</span>}
      </div>
      {column.levels.length > 0 ? (
        <select {...attributes} onInput={(event) => onText(event.currentTarget.value)}>
          <option value="">{column.optional ? 'Not given' : 'Choose…'}</option>
          {column.levels.map((level) => (
            <option key={level} value={level}>
              {levelLabel(column, level)}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...attributes}
          type="text"
          readOnly={name === CITY_INDEX}
          inputMode={column.kind === 'integer' ? 'numeric' : isNumeric(column) ? 'decimal' : 'text'}
          autocomplete="off"
          placeholder={name === CITY_INDEX ? 'Follows from the city' : range(column)}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
      <div class="field-notes">
        {reasons.length > 0 && (
          <p class="field-error" id={`${name}-error`}>
            {column.levels.length > 0 && text === '' ? 'Required. Choose one.' : reasons.join(' ')}
          </p>
        )}
        <p class="field-help" id={`${name}-help`}>
          {column.help}
        </p>
      </div>
    </div>
  );
}

/** "1 to 1000"; empty for a range too wide to be of use. */
function range({ minimum, maximum }: Column): string {
  return minimum !== null && maximum !== null && maximum < 1e6 ? `${minimum} to ${maximum}` : '';
}
