import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { WORKER_NODE_FLAGS } from "@/lib/worker/node-flags";
import { applyMigrations } from "@/prisma/migrate";
import { type RunningPostgres, startPostgres } from "@/sandbox/postgres/server";
import { StartFailure } from "@/sandbox/process/failure";
import type { Variables } from "@/sandbox/process/watched";
import { killGroup } from "@/sandbox/process/watched";
import { checkEnvironment } from "./check-environment";
import { composeEnvironment, type Named, whatIsNamed } from "./compose-environment";
import { NODE, PROJECT, program, typescript } from "./project";
import { Restarts } from "./restarts";
import { mustRun } from "./run";
import { complain, step } from "./say";
import type { LocalSecrets } from "./secrets";
import { type Service, startService } from "./service";
import type { PortName } from "./settings";

export interface StackOptions {
  /** Database, mail, pictures and the sandbox's memory live here. */
  folder: string;
  logs: string;
  host: string;
  ports: Record<PortName, number>;
  secrets: LocalSecrets;
  /** What the person set. What it names (database, mail, Stripe) gets no stand-in. */
  environment: Variables;
  reload: boolean;
  /** For tests: everything is lost at the end. */
  throwaway: boolean;
  /** What the terminal shows of the programs' output. */
  shown: "trouble" | "nothing";
}

export interface Addresses {
  site: string;
  database: string;
  mailbox: string | undefined;
  stripe: string | undefined;
  /** Where the embedded database keeps its files. */
  place: string | undefined;
  author: string;
}

const HEALTH_LIMIT_MS = 120_000;
/** Long enough for an answer under way, a message being handed over, and the database's last write. */
const STOP_LIMITS_MS: Readonly<Record<string, number>> = { web: 10_000, worker: 45_000 };
const STAND_IN_STOP_LIMIT_MS = 8_000;

/**
 * The whole of Masthead, running: database, stand-ins, web and worker, in that order, and stopped in the other one.
 * `start` throws StartFailure with a way out; `stop` may be called at any moment, also while it starts.
 */
export class Stack {
  readonly #options: StackOptions;
  readonly #named: Named;
  #postgres: RunningPostgres | undefined;
  #services: Service[] = [];
  #stopping: Promise<void> | undefined;
  #isReady = false;
  readonly #restarts = new Map<string, Restarts>();
  readonly #died = Promise.withResolvers<never>();

  constructor(options: StackOptions) {
    this.#options = options;
    this.#named = whatIsNamed(options.environment);
    this.#died.promise.catch(() => undefined);
  }

  /** Rejects with a StartFailure when Postgres ends by itself, or a program more often than restarting can help. */
  get died(): Promise<never> {
    return this.#died.promise;
  }

  async start(): Promise<Addresses> {
    const env = await this.#prepare();
    await Promise.race([this.#startPrograms(env), this.died]);
    this.#isReady = true;
    const { ports } = this.#options;
    return {
      site: env.PUBLIC_URL ?? "",
      database: env.DATABASE_URL ?? "",
      mailbox: this.#named.mail ? undefined : `http://localhost:${ports.MAILBOX_PORT}`,
      stripe: this.#named.stripe ? undefined : `http://localhost:${ports.STRIPE_SANDBOX_PORT}`,
      place: this.#postgres?.place,
      author: env.AUTHOR_EMAIL ?? "",
    };
  }

  async #prepare(): Promise<Record<string, string>> {
    const databaseUrl = this.#options.environment.DATABASE_URL ?? (await this.#startDatabase());
    this.#refuseWhenStopping();
    const env = composeEnvironment({ ...this.#options, databaseUrl });
    checkEnvironment(env);
    await migrate(databaseUrl);
    this.#refuseWhenStopping();
    if (!this.#named.database) await seed(env);
    this.#refuseWhenStopping();
    return env;
  }

  async #startDatabase(): Promise<string> {
    const { folder, ports, throwaway } = this.#options;
    const postgres = await step("Started Postgres", () =>
      startPostgres({ folder: join(folder, "postgres"), port: ports.POSTGRES_PORT, throwaway }),
    );
    this.#postgres = postgres;
    void postgres.ended.then((lines) => this.#reportDeath("Postgres", lines));
    return postgres.url;
  }

  async #startPrograms(env: Record<string, string>): Promise<void> {
    const { ports } = this.#options;
    const site = `http://localhost:${ports.PORT}`;
    if (!this.#named.mail || !this.#named.stripe) {
      await step("Started the stand-ins", () => this.#startStandIns(env, site));
    }
    await step("Started web and worker", async () => {
      await this.#startWebAndWorker(env);
      await waitForAnswer(`${site}/api/health`, (status) => status === 200);
    });
  }

  async #startStandIns(env: Record<string, string>, site: string): Promise<void> {
    const { folder, ports } = this.#options;
    const addresses: string[] = [];
    if (!this.#named.stripe) {
      await this.#service("stripe", typescript("sandbox/stripe/main.ts"), {
        ...env,
        STRIPE_SANDBOX_PORT: String(ports.STRIPE_SANDBOX_PORT),
        STRIPE_SANDBOX_DATA: join(folder, "stripe.json"),
        STRIPE_WEBHOOK_URL: `${site}/api/stripe/webhook`,
      });
      addresses.push(`http://127.0.0.1:${ports.STRIPE_SANDBOX_PORT}/`);
    }
    if (!this.#named.mail) {
      await this.#service("mailbox", typescript("sandbox/mailbox/main.ts"), {
        ...env,
        MAILBOX_PORT: String(ports.MAILBOX_PORT),
        MAILBOX_SMTP_PORT: String(ports.MAILBOX_SMTP_PORT),
        MAILBOX_DATA: join(folder, "mailbox"),
      });
      addresses.push(`http://127.0.0.1:${ports.MAILBOX_PORT}/`);
    }
    await Promise.all(addresses.map((address) => waitForAnswer(address, (status) => status < 500)));
  }

  async #startWebAndWorker(env: Record<string, string>): Promise<void> {
    const { reload, host, ports } = this.#options;
    const own = { ...env, NODE_ENV: reload ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" };
    const next = [NODE, program("next", "dist/bin/next"), reload ? "dev" : "start"];
    await this.#service("web", [...next, "-H", host, "-p", String(ports.PORT)], own);
    const worker = reload
      ? [NODE, program("tsx", "dist/cli.mjs"), "watch", "lib/worker/main.ts"]
      : [NODE, ...WORKER_NODE_FLAGS, "--import", "tsx", join(PROJECT, "lib/worker/main.ts")];
    await this.#service("worker", worker, own);
  }

  async #service(name: string, command: string[], env: Variables): Promise<void> {
    this.#refuseWhenStopping();
    const { logs, shown } = this.#options;
    const service = await startService(name, command, { env, logs, shown });
    this.#services = [...this.#services.filter((one) => one.name !== name), service];
    const restarts = this.#restarts.get(name) ?? new Restarts();
    this.#restarts.set(name, restarts);
    void service.ended.then((code) => {
      if (this.#stopping) return;
      if (this.#isReady && restarts.mayRestart(performance.now())) {
        complain(`The ${name} process ended by itself (${inWords(code)}). It is started again.`);
        this.#service(name, command, env).catch((error: unknown) => this.#died.reject(error));
        return;
      }
      const log = join(logs, `${name}.log`);
      this.#reportDeath(`The ${name} process (${inWords(code)}; ${log})`, service.lastLines());
    });
  }

  #reportDeath(who: string, lines: string): void {
    if (this.#stopping) return;
    const indented = lines.replaceAll(/^/gm, "  ");
    this.#died.reject(
      new StartFailure(
        `${who} ended by itself. Its last lines:\n${indented}\n\n\`npm start\` tries again; what was written is kept.`,
      ),
    );
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) throw new StartFailure("Stopped while starting.");
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const service of this.#services) service.hush();
    for (const name of ["web", "worker", "stripe", "mailbox"]) {
      const limit = STOP_LIMITS_MS[name] ?? STAND_IN_STOP_LIMIT_MS;
      const service = this.#services.find((one) => one.name === name);
      await service?.watched.stop(limit);
    }
    await this.#postgres?.stop();
  }

  /** Ends everything at once, except Postgres, which needs a moment for its files and ends with this process. */
  kill(): void {
    for (const { watched } of this.#services) killGroup(watched.child);
  }
}

/** As shells count: 128 and the signal's number. The system uses SIGKILL on whoever takes the last memory. */
function inWords(code: number): string {
  if (code === 137) return "killed, by somebody or because the memory ran out";
  return `exit code ${code}`;
}

async function migrate(databaseUrl: string): Promise<void> {
  try {
    await step(
      "Brought the database up to date",
      async () => (await applyMigrations(databaseUrl)).length > 0,
    );
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartFailure(
      `The database ${host}${pathname} could not be brought up to date: ${reason}\n` +
        "Check that it can be reached and that its account may create tables (DATABASE_URL).",
      { cause: error },
    );
  }
}

async function seed(env: Record<string, string>): Promise<void> {
  await step("Made the sample publication", async () => {
    const said = await mustRun("Making the sample publication", typescript("prisma/seed.ts"), { env });
    return said.includes("Made");
  });
}

async function waitForAnswer(address: string, accepts: (status: number) => boolean): Promise<void> {
  const deadline = Date.now() + HEALTH_LIMIT_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
      if (accepts(response.status)) return;
      last = `status ${response.status}: ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await pause(100);
  }
  throw new StartFailure(`${address} did not become ready within ${HEALTH_LIMIT_MS / 1000} s (${last}).`);
}
