// Screenshots of every page, to look at beside the mock-ups: `node look.js`. They go to out/, which git ignores.

import { createHash } from "node:crypto";
import { Phone, close, fixture } from "./world.js";

const id = (words) => createHash("sha256").update(words).digest("hex");
const world = await fixture();
try {
  for (const [name, options] of [["phone", {}], ["dark", { dark: true }], ["wide", { width: 1280, height: 860 }]]) {
    const phone = await Phone.make(options);
    await phone.go(world.armorer);
    await phone.shot(`${name}-enrol`);
    await phone.tap("Make the key");
    await phone.sees("This phone signs for you");
    const host = new URL(world.armorer).origin;
    for (const [page, path] of [["board", "/"], ["weapon", `/w/${id("07")}`], ["cold", `/w/${id("11")}`], ["hot", `/w/${id("03")}`], ["hold", `/w/${id("15")}`], ["full", `/w/${id("07")}/check/full`], ["reset", `/w/${id("12")}/check/reset`], ["line", "/line"], ["record", "/record"], ["poster", "/poster"], ["trust", "/trust"], ["stop", "/stop"], ["offline", "/offline"], ["nowhere", "/nowhere"]]) {
      await phone.go(host + path);
      await phone.page.waitForTimeout(700);
      await phone.whole(`${name}-${page}`);
      if (page === "full") {
        for (const words of ["Rattles", "Rattles", "Both"]) await phone.tap(words);
        await phone.shot(`${name}-full-midway`);
        for (const words of ["Rattles", "Empty", "Empty", "Clear, light"]) await phone.tap(words);
        await phone.shot(`${name}-full-sign`);
      }
      if (page === "weapon") {
        await phone.tap("Hand over");
        await phone.shot(`${name}-weapon-panel`);
        await phone.tap("Performer C");
        await phone.hold("Hold to sign");
        await phone.sees("does not support");
        await phone.whole(`${name}-weapon-refused`);
      }
    }
    await phone.go(`${host}/cart`);
    await phone.shot(`${name}-cart`);
    await phone.go(`${host}/`);
    await phone.tap("STOP WORK");
    await phone.page.waitForTimeout(400);
    await phone.shot(`${name}-stop-screen`);
    await phone.tap("Lift my stop");
    await phone.page.waitForTimeout(300);
    if (phone.faults.length) console.log(name, phone.faults);
    await phone.close();
  }
} finally {
  await close();
  await world.stop();
}
