import { useId } from 'preact/hooks';
import { useDroppedFiles } from '../hooks/useDroppedFiles.ts';
import { ACCEPTED } from '../lib/candidateFiles.ts';
import './FileDrop.css';

interface Props {
  label: string;
  hint: string;
  onFiles: (files: File[]) => void;
}

/** A place to choose files of candidates; they may be dropped anywhere on the page. */
export function FileDrop({ label, hint, onFiles }: Props) {
  const over = useDroppedFiles(onFiles, { first: true });
  const id = useId();
  return (
    <div class={over ? 'drop drop-over' : 'drop'}>
      <input
        id={id}
        class="visually-hidden"
        type="file"
        multiple
        accept={ACCEPTED}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length > 0) onFiles(files);
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
