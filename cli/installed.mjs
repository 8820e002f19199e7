import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What is missing from a project's node_modules, or undefined when all is there. npm writes .package-lock.json last, so
 * a killed install has none or an older one; each package is looked for as well, since people delete things.
 */
export function whatIsMissing(project) {
  const modules = join(project, "node_modules");
  if (!existsSync(modules)) return "first start";
  const installed = readJson(join(modules, ".package-lock.json"));
  if (!installed) return "an earlier installation was not finished";
  const wanted = readJson(join(project, "package-lock.json"));
  if (!wanted) return "package-lock.json cannot be read";
  for (const [path, entry] of Object.entries(wanted.packages)) {
    if (path === "" || entry.link) continue;
    const found = installed.packages[path];
    // Packages for other systems are left out.
    if (!found && (entry.optional || entry.os || entry.cpu)) continue;
    if (found?.version !== entry.version) return "the list of packages has changed";
    if (!existsSync(join(project, path, "package.json"))) return `${path} is gone`;
  }
  return existsSync(join(modules, ".bin", "node")) ? undefined : "the project's own Node is missing";
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
