import { useEffect, useId, useState } from 'preact/hooks';
import { ACCEPTED } from '../lib/candidateFiles.ts';
import './FileDrop.css';

interface Props {
  label: string;
  hint: string;
  onFiles: (files: File[]) => void;
}

/** A place to drop files of candidates, or to choose them. */
export function FileDrop({ label, hint, onFiles }: Props) {
  const [over, setOver] = useState(false);
  const id = useId();
  useEffect(keepThePage, []);
  const take = (files: FileList | null | undefined): void => {
    setOver(false);
    if (files && files.length > 0) onFiles([...files]);
  };
  return (
    <div
      class={over ? 'drop drop-over' : 'drop'}
      onDragOver={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => take(event.dataTransfer?.files)}
    >
      <input
        id={id}
        class="visually-hidden"
        type="file"
        multiple
        accept={ACCEPTED}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          take(event.currentTarget.files);
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

/** Browsers open a file that is dropped on a page, or beside the place for it: they leave the page. */
function keepThePage(): () => void {
  const keep = (event: Event): void => event.preventDefault();
  for (const type of ['dragover', 'drop']) addEventListener(type, keep);
  return () => {
    for (const type of ['dragover', 'drop']) removeEventListener(type, keep);
  };
}
