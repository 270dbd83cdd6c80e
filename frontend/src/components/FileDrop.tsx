import { useState } from 'preact/hooks';

interface Props {
  label: string;
  hint: string;
  accept: string;
  onFile: (file: File) => void;
}

/** A place to drop one file, or to choose it. */
export function FileDrop({ label, hint, accept, onFile }: Props) {
  const [over, setOver] = useState(false);
  const take = (file: File | undefined): void => {
    setOver(false);
    if (file) onFile(file);
  };
  return (
    <div
      class={over ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files[0]);
      }}
    >
      <input
        id="file-drop"
        class="visually-hidden"
        type="file"
        accept={accept}
        aria-describedby="file-drop-hint"
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // Choosing the same file again, corrected, is a change too.
          event.currentTarget.value = '';
        }}
      />
      <label for="file-drop" class="button">
        {label}
      </label>
      <p class="drop-hint" id="file-drop-hint">
        {hint}
      </p>
    </div>
  );
}
