import './Bar.css';

interface Props {
  /** The filled share, in [0, 1]. */
  share: number;
  /** The CSS classes of the filled and of the whole bar. */
  fill: string;
  track?: string;
}

/** A small horizontal bar, filled up to a share. The number itself is for the text beside it. */
export function Bar({ share, fill, track = 'bar-track' }: Props) {
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class={track} width="100" height="8" />
      <rect class={fill} width={100 * share} height="8" />
    </svg>
  );
}
