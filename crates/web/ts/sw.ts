// The worker keeps one page for when the node cannot be reached: it knows nothing but STOP. It never answers for the
// node: calls and pages go through, and nothing that a record said is kept.

export {};

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = "coldproof-offline-1";

worker.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => offline()));
  else if (url.pathname.startsWith("/static/")) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

async function offline(): Promise<Response> {
  return (await caches.match("/offline")) ?? Response.error();
}

/** The page and the files that it names. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  const page = await fetch("/offline", { cache: "no-store" });
  const text = await page.clone().text();
  const files = [...text.matchAll(/\/static\/[\w.-]+/g)].map((found) => found[0]);
  await cache.put("/offline", page);
  await cache.addAll([...new Set(files)]);
}
