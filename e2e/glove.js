// What a page must be for gloves, small screens and screen readers.

/** Faults of the page that is open, as sentences. */
export async function faultsOf(phone, path, width) {
  const faults = (await phone.audit()).map((fault) => `${path} ${fault}`);
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) faults.push(`${path} runs ${wide} px off the side`);
  const targets = await phone.targets();
  const stop = targets.find((one) => one.cls === "stopbtn");
  if (!stop || stop.height < 96) faults.push(`${path} STOP ${stop?.height}`);
  if (width > 900) {
    const under = targets.filter((one) => /ghost|hold-to|plain/.test(one.cls) && one.x + one.width > stop?.x);
    faults.push(...under.map((one) => `${path} ${one.words} can lie under STOP`));
  }
  for (const one of targets) {
    const isFloor = /ghost/.test(one.cls);
    const least = /hold-to|stopbtn/.test(one.cls) ? 96 : isFloor && !/leave/.test(one.cls) ? 72 : 44;
    if (one.height < least - 0.5 || one.width < Math.min(least, 72) - 0.5) faults.push(`${path} ${one.words}: ${one.width}x${one.height}, at least ${least}`);
  }
  faults.push(...tooClose(targets.filter((one) => /ghost|hold-to/.test(one.cls))).map((pair) => `${path} ${pair}`));
  return faults;
}

/** Pairs of floor controls with less than 16 px between them. */
function tooClose(boxes) {
  const found = [];
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      const x = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
      const y = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
      if (Math.max(x, y) < 15.5) found.push(`${a.words} and ${b.words}: ${Math.max(x, y)} px apart`);
    }
  });
  return found;
}
