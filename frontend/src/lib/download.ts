/** Saves a text as a file. */
export function saveText(name: string, type: string, text: string): void {
  saveFile(name, new Blob([text], { type }));
}

const READ_WITHIN_MS = 60_000;

/** Saves a file's content. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser begins to read when it has the time to; on a busy machine an address that is revoked at once is read too late.
  setTimeout(() => URL.revokeObjectURL(url), READ_WITHIN_MS);
}

/** Downloads an address that is answered with an attachment; the page stays open. */
export function downloadFrom(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
