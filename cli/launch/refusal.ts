import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, sep } from "node:path";
import { PROJECT } from "./project";

/** What a person can do when the system refused a file, a port or memory. Undefined for any other text or error. */
export function wayOutOf(refusal: unknown): string | undefined {
  const { code, path = pathIn(String(refusal)) } = asSystemError(refusal);
  const where = path ? ` (${path})` : "";
  switch (code ?? codeIn(String(refusal))) {
    case "EACCES":
    case "EPERM":
      return `Permission denied${where}. ${whoseIs(path)}`;
    case "EROFS":
      return `The disk can only be read${where}. Put the project on one that can be written.`;
    case "ENOSPC":
    case "EDQUOT":
      return `The disk is full${where}. Make room on it (a start needs about 500 MB beside the packages), then try again.`;
    case "EMFILE":
    case "ENFILE":
      return "Too many files are open. Raise the limit with `ulimit -n 4096`, or end other programs, then try again.";
    case "ENOMEM":
      return "The memory is used up. End other programs, then try again.";
    case "EADDRINUSE":
      return `A port was taken by another program at this moment${portIn(refusal)}. Start again: then it is named, or another one is used.`;
    case "EADDRNOTAVAIL":
      return "HOST is no address of this machine. Leave it out, or write one such as 127.0.0.1 or 0.0.0.0.";
    default:
      return undefined;
  }
}

/** Without the lines that only a programmer reads. */
export function withoutStack(text: string): string {
  const lines = text.split("\n").filter((line) => !isStack(line));
  return lines.map((line) => line.replace(/ \{$/, "")).join("\n");
}

/** Where in which file, and the fields of a printed error. */
export function isStack(line: string): boolean {
  return /^\s+at |^\s*(address|code|digest|errno|hostname|location|path|port|syscall): |^\s*\}$/.test(line);
}

/** System errors hidden in what a program wrote: Node's, Rust's and Postgres's words for them. */
function codeIn(text: string): string | undefined {
  if (/no space left on device/i.test(text)) return "ENOSPC";
  if (/read-only file system/i.test(text)) return "EROFS";
  if (/Failed to start server\s+Error: getaddrinfo/.test(text)) return "EADDRNOTAVAIL";
  return /\b(EACCES|EPERM|EROFS|ENOSPC|EDQUOT|EMFILE|ENFILE|ENOMEM|EADDRINUSE|EADDRNOTAVAIL)\b/.exec(
    text,
  )?.[1];
}

function pathIn(text: string): string | undefined {
  return /(?:EACCES|EPERM|EROFS|ENOSPC|EDQUOT): [^\n]*?, \w+ '([^'\n]+)'/.exec(text)?.[1];
}

function portIn(refusal: unknown): string {
  const { port } = asSystemError(refusal);
  const found = port ?? /address already in use \S*?:(\d+)\b/.exec(String(refusal))?.[1];
  return found === undefined ? "" : ` (${found})`;
}

function asSystemError(refusal: unknown): Partial<NodeJS.ErrnoException & { port: number }> {
  return refusal instanceof Error ? refusal : {};
}

/** The nearest thing that exists there decides. Only what lies in the project is offered to be given away. */
function whoseIs(path: string | undefined): string {
  const found = path === undefined ? undefined : nearest(path);
  if (!found) return "Run this as the user whom the project's folder belongs to.";
  const { uid, username } = userInfo();
  const isOwn = found.uid === uid;
  const owner = isOwn ? "" : `, which belongs to user ${found.uid === 0 ? "root" : found.uid},`;
  const told = `${found.path}${owner} is closed to ${username}.`;
  if (!`${found.path}${sep}`.startsWith(`${PROJECT}${sep}`)) return `${told} Open it, or name another place.`;
  const change = isOwn ? "chmod -R u+rwX" : `sudo chown -R ${username}`;
  return `${told} Open it, with\n${change} ${quoted(found.path)}${isOwn ? "" : "\nor run this as its owner."}`;
}

function nearest(path: string): { path: string; uid: number } | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      return { path: folder, uid: statSync(folder).uid };
    } catch {
      if (folder === dirname(folder)) return undefined;
    }
  }
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
