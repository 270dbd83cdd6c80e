import { saveFile } from '../../lib/download.ts';

const SCALE = 2;
const HEAD = 40;
const MARGIN = 16;

/** Saves a drawing as a PNG picture below its title, in the colours of the page. */
export async function savePicture(name: string, title: string, drawing: Element): Promise<void> {
  const colours = getComputedStyle(document.documentElement);
  const colour = (property: string): string => colours.getPropertyValue(property).trim();
  const { width, height } = drawing.getBoundingClientRect();
  const image = await loaded(standalone(drawing, colour));
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * MARGIN) * SCALE;
  canvas.height = (height + HEAD + MARGIN) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error("This browser can't draw pictures.");
  context.scale(SCALE, SCALE);
  context.fillStyle = colour('--surface');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = colour('--text');
  context.font = '600 16px system-ui, sans-serif';
  context.fillText(title, MARGIN, 26);
  context.drawImage(image, MARGIN, HEAD, width, height);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (picture) saveFile(name, picture);
}

/** The drawing as an SVG document that needs no style sheet. */
function standalone(drawing: Element, colour: (property: string) => string): string {
  const copy = drawing.cloneNode(true) as Element;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer()
    .serializeToString(copy)
    .replaceAll(/var\((--[\w-]+)\)/g, (_, property: string) => colour(property))
    .replaceAll('font-family: inherit', 'font-family: system-ui, sans-serif');
}

async function loaded(svg: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
