// Lets the page draw and answer in the middle of long work.

const BUSY_MS_MAX = 24;

let since = performance.now();

export const breathe = (): Promise<void> =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      since = performance.now();
      done();
    };
    port2.postMessage(0);
  });

/** Breathes when the page was busy for long. Hashes of short texts are done at once, so waiting for them gives nothing way. */
export async function pace(): Promise<void> {
  if (performance.now() - since > BUSY_MS_MAX) await breathe();
}
