import icon from '/icon.svg';
import './Brand.css';

export function Brand() {
  return (
    <span class="brand">
      <img src={icon} alt="" width="28" height="28" />
      Job Change
    </span>
  );
}
