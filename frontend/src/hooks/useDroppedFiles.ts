import { useEffect, useState } from 'preact/hooks';

/**
 * Takes files that are dropped anywhere on the page; whether some are being dragged over it. Of several takers the one
 * `first` in line gets them. A browser left alone would open the file and leave the page.
 */
export function useDroppedFiles(onFiles: (files: File[]) => void, { first }: { first: boolean }): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      event.preventDefault();
      setOver(event.dataTransfer?.types.includes('Files') ?? false);
    };
    const leave = (event: DragEvent): void => {
      // Going from one element to the next leaves the first one, too.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      const taken = event.defaultPrevented;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!taken && files.length > 0) onFiles(files);
    };
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop, { capture: first });
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop, { capture: first });
    };
  }, [onFiles]);
  return over;
}
