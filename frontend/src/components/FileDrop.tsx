import { useId, useState } from 'preact/hooks';
import './FileDrop.css';

interface Props {
  label: string;
  hint: string;
  accept: string;
  onFile: (file: File) => void;
}

/** A place to drop one file, or to choose it. */
export function FileDrop({ label, hint, accept, onFile }: Props) {
  const [over, setOver] = useState(false);
  const id = useId();
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
        id={id}
        class="visually-hidden"
        type="file"
        accept={accept}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // Choosing the same file again, corrected, is a change too.
          event.currentTarget.value = '';
        }}
      />
      <label for={id} class="button">
        {label}
      </label>
      <p class="drop-hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
