import { expect, test } from "vitest";
import { parseSettings } from "./settings";

test("nothing set leaves every choice open", () => {
  expect(parseSettings({ PORT: "" })).toMatchObject({ host: undefined, ports: {} });
});

test("a port is read as a number", () => {
  expect(parseSettings({ PORT: "8080" }).ports).toEqual({ PORT: 8080 });
});

test.each(["many", "0", "70000", "80.5"])("the port %s is refused by the name of its variable", (value) => {
  expect(() => parseSettings({ MAILBOX_PORT: value })).toThrow("MAILBOX_PORT: write");
});

test.each([
  ["127.0.0.1", "localhost"],
  ["::1", "localhost"],
  ["0.0.0.0", "0.0.0.0"],
])("the web told to listen on %s listens on %s", (given, used) => {
  expect(parseSettings({ HOST: given }).host).toBe(used);
});
