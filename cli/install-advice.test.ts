import { expect, test } from "vitest";
import { adviceAfter, isForPeople } from "./install-advice.mjs";

test.each([
  ["npm error code ECONNREFUSED\nnpm error syscall connect", "registry cannot be reached"],
  ["npm error code ENOTFOUND\nnpm error network request failed", "registry cannot be reached"],
  ["npm error code E401\nnpm error Unable to authenticate", "registry refuses you"],
  ["npm error code E404\nnpm error 404 Not Found", "lacks a package"],
  ["npm error code SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"],
  ["npm error code ENOSPC\nnpm error syscall write", "disk is full"],
  ["npm error code EACCES\nnpm error path /x/node_modules", "cannot be written"],
  ["npm error code EINTEGRITY", "damaged"],
  ["npm error code EUSAGE\nnpm error `npm ci` can only install packages when…", "do not belong together"],
  ["something never seen", "npm ping"],
])("after %j comes advice that fits", (said, advice) => {
  expect(adviceAfter(said)).toContain(advice);
});

test.each([
  ["npm error code EACCES", true],
  ["npm error Error: EACCES: permission denied, mkdir '/x'", true],
  ["npm error     at async mkdir (node:internal/fs/promises:856:10)", false],
  ["npm error   errno: -13,", false],
  ["npm error }", false],
])("of npm's words %j, a person sees it: %s", (line, shown) => {
  expect(isForPeople(line)).toBe(shown);
});
