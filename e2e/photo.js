// A photograph as a phone makes it, with all that nobody means to send: place, maker, a thumbnail, a caption, bytes after
// its end. 80 by 60 points, lying on its side.

/** Made in the browser, then written into as cameras do. */
export async function photograph(phone) {
  const list = await phone.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(80, 60);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#2457a8";
    pen.fillRect(0, 0, 80, 60);
    pen.fillStyle = "#ffcf33";
    pen.fillRect(10, 10, 30, 20);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 })).arrayBuffer())];
  });
  const plain = Buffer.from(list);
  return Buffer.concat([plain.subarray(0, 2), segment(0xe1, exif()), segment(0xed, Buffer.from("Photoshop 3.0\0caption: behind the church")), segment(0xfe, Buffer.from("caption")), plain.subarray(2), Buffer.from("trailer")]);
}

function segment(marker, body) {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** Exif with an orientation (a quarter turn), a maker and a place. */
function exif() {
  const tiff = Buffer.alloc(26);
  tiff.write("II", 0);
  tiff.writeUInt16LE(42, 2);
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(6, 18);
  return Buffer.concat([Buffer.from("Exif\0\0"), tiff, Buffer.from("Camera Maker GPS-N35.5 W106.1 thumbnail")]);
}

/** The file as text, to look for words in it. */
export const scan = (bytes) => bytes.toString("latin1");
