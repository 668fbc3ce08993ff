// What a person drops or picks, as a copy to be read.

import { Folder, type Files } from "./files.ts";
import { Zip } from "./zip.ts";

export interface Picked {
  name: string;
  open: (progress: (path: string) => void) => Promise<Files>;
}

export function fromFile(name: string, blob: Blob): Picked {
  return { name, open: (progress) => Zip.open(blob, progress) };
}

export function fromBlobs(name: string, blobs: Map<string, Blob>): Picked {
  return { name, open: () => Promise.resolve(new Folder(blobs)) };
}

/** Files of a folder that was picked; each path begins with the folder's own name. */
export function fromFolder(list: FileList): Picked | undefined {
  const blobs = new Map<string, Blob>();
  let name = "";
  for (const file of list) {
    const [first = "", ...rest] = file.webkitRelativePath.split("/");
    name = first;
    blobs.set(rest.join("/"), file);
  }
  return blobs.size > 0 ? fromBlobs(name, blobs) : undefined;
}

/** What was dropped. The entries must be asked for before anything is awaited. */
export async function fromDrop(data: DataTransfer): Promise<Picked | undefined> {
  const [entry] = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter((found) => found?.isDirectory);
  const [file] = data.files;
  if (entry) {
    const blobs = new Map<string, Blob>();
    await gather(entry as FileSystemDirectoryEntry, "", blobs);
    return fromBlobs(entry.name, blobs);
  }
  return file && fromFile(file.name, file);
}

async function gather(folder: FileSystemDirectoryEntry, under: string, blobs: Map<string, Blob>): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const entry of some) {
      const path = under + entry.name;
      if (entry.isDirectory) await gather(entry as FileSystemDirectoryEntry, `${path}/`, blobs);
      else blobs.set(path, await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed)));
    }
  }
}
