/**
 * What to do after npm failed, by the codes in what it wrote; plain JavaScript, because it runs before anything is
 * installed. https://docs.npmjs.com/common-errors lists the usual ones.
 */
const ADVICE = [
  [
    /\bENOSPC\b|\bEDQUOT\b|no space left/i,
    "The disk is full: the packages take about 1.5 GB. Make room, then try again.",
  ],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    "A folder cannot be written (npm names it above). Work as the user whom the project belongs to, or change its owner\nwith `sudo chown -R $(id -un) .` in the project's folder.",
  ],
  [
    /\b(E401|E403|ENEEDAUTH)\b/,
    "The package registry refuses you. `npm config get registry` says which one is asked; sign in to it with `npm login`, or\nname another one with `npm config set registry`.",
  ],
  [
    /\b(E404|ETARGET)\b/,
    "The package registry lacks a package. `npm config get registry` says which one is asked; a mirror may need a moment to\nget it, or name another one with `npm config set registry`.",
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/,
    "The registry's certificate is not trusted. Behind a company's proxy, name its certificate in NODE_EXTRA_CA_CERTS.",
  ],
  [
    /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT)\b|network/i,
    "The package registry cannot be reached. `npm config get registry` says which one is asked, `npm ping` whether it\nanswers. Behind a proxy, set HTTPS_PROXY.",
  ],
  [/\bEINTEGRITY\b/, "A download was damaged. `npm cache clean --force`, then try again."],
  [
    /\bEUSAGE\b|\bEJSONPARSE\b|lock file/i,
    "package.json and package-lock.json do not belong together. `git checkout package.json package-lock.json` brings back\nthose of this version.",
  ],
];

const USUAL =
  "Check that the package registry can be reached (`npm ping`) and that this folder can be written, then try again.";

/** `said` is what npm wrote to its error stream. */
export function adviceAfter(said) {
  return ADVICE.find(([code]) => code.test(said))?.[1] ?? USUAL;
}

/** npm prints the inner workings of some failures; a person needs none of them. */
export function isForPeople(line) {
  return !/^npm (error|ERR!)\s+(at |async |\}|\{|(address|cmd|code|dest|errno|path|port|syscall|type):)/.test(
    line,
  );
}
