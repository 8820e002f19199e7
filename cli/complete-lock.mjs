/**
 * `npm run complete-lock`, after adding a package on a registry that mirrors the packages of one platform only: npm then
 * leaves the others out of package-lock.json, and `npm ci` refuses such a file everywhere. Adds what the listed packages
 * name as optional; changes nothing that is there. May run twice.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SYSTEMS = {
  aix: "aix",
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  fsevents: "darwin",
  linux: "linux",
  linuxmusl: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
  windows: "win32",
};
const PROCESSORS = {
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  ppc64le: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
  x64: "x64",
};

/** Where Node would find `name` from the package at `path`. */
function placeOf(packages, path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    const place = `${base}${base && "/"}node_modules/${name}`;
    if (packages[place]) return place;
    if (base === "" || !base.includes("/node_modules/"))
      return packages[`node_modules/${name}`] && `node_modules/${name}`;
  }
}

function entryFor(name, version, parent) {
  const words = name.split(/[-/@]/);
  const cpu = words.flatMap((word) => PROCESSORS[word] ?? []);
  const os = words.flatMap((word) => SYSTEMS[word] ?? []);
  const libc = name.includes("musl") ? ["musl"] : name.includes("-gnu") ? ["glibc"] : [];
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(parent.dev && { dev: true }),
    ...(parent.devOptional && { devOptional: true }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

/** The completed list and the names of what it lacked. */
export function complete(packages) {
  const added = {};
  for (const [path, parent] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      const version = /^[\^~]?(\d+\.\d+\.\d+\S*)$/.exec(range)?.[1];
      if (version && !placeOf(packages, path, name))
        added[`node_modules/${name}`] = entryFor(name, version, parent);
    }
  }
  const all = Object.entries({ ...packages, ...added });
  return {
    packages: Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))),
    added: Object.keys(added),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const { packages, added } = complete(lock.packages);
  if (added.length > 0) writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  process.stdout.write(`${added.length === 0 ? "Nothing was missing." : `Added ${added.join(", ")}.`}\n`);
}
