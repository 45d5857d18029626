/* Pieces of scans, drawn from the picture of the page that the browser has loaded anyway. */

const pictures = new Map();
const AROUND = 0.6; // of the place's height, so that the neighbouring letters are seen

function pictureOf(url) {
  if (!pictures.has(url)) {
    const picture = new Image();
    picture.src = url;
    pictures.set(url, picture.decode().then(() => picture));
  }
  return pictures.get(url);
}

/** Draw the box [left, top, right, bottom] (pixels of a picture `width` wide) into the canvas, `height` CSS pixels high at most. */
export async function drawCrop(canvas, url, box, { width, height, widest, turned = 0 }) {
  const picture = await pictureOf(url).catch(() => null);
  if (!picture) return;
  const unit = picture.naturalWidth / width;
  const margin = (box[3] - box[1]) * AROUND;
  const [x, y] = [Math.max(0, box[0] - margin * 2), Math.max(0, box[1] - margin)];
  const [w, h] = [box[2] + margin * 2 - x, box[3] + margin - y];
  const scale = Math.min(height / h, widest / w);
  const sharp = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(w * scale * sharp));
  canvas.height = Math.max(1, Math.round(h * scale * sharp));
  canvas.style.width = `${Math.round(w * scale)}px`;
  canvas.style.height = `${Math.round(h * scale)}px`;
  canvas.style.rotate = `${turned}deg`;
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, x * unit, y * unit, w * unit, h * unit, 0, 0, canvas.width, canvas.height);
  context.strokeStyle = "#1d5c57";
  context.lineWidth = 1.5 * sharp;
  context.strokeRect((box[0] - x) * scale * sharp, (box[1] - y) * scale * sharp, (box[2] - box[0]) * scale * sharp, (box[3] - box[1]) * scale * sharp);
}
