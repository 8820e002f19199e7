import { spawnWatched } from "./watched";

/** For watched.test.ts: starts a program that would stay for ever, and passes on what it says. */
const stays = "console.log(process.pid); setInterval(() => {}, 1000);";
const { child } = spawnWatched([process.execPath, "-e", stays], { env: {}, output: "pipe" });
child.stdout?.pipe(process.stdout);
