/** Where an operator enters the number of the person that an operation is about. */
export function NumberField({ id, value, onText }: { id: string; value: string; onText: (text: string) => void }) {
  return (
    <div class="field">
      <label for={id}>Candidate number</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autocomplete="off"
        value={value}
        onInput={(event) => onText(event.currentTarget.value)}
      />
    </div>
  );
}
