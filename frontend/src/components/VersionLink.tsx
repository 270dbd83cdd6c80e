/** A model version, which leads to its page. */
export function VersionLink({ version }: { version: string }) {
  return (
    <a href={`#model/${version}`}>
      <code>{version}</code>
    </a>
  );
}
