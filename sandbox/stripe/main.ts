import { z } from "zod";
import { startStripeSandbox } from "./server";

const environment = z
  .object({
    STRIPE_SANDBOX_PORT: z.coerce.number("must be a port number").int().min(0).max(65_535).default(12_111),
    STRIPE_SANDBOX_PUBLIC_URL: z.url("must be an address, or be left out").optional(),
    STRIPE_SANDBOX_DATA: z.string().min(1, "must name a file, or be left out").optional(),
    STRIPE_WEBHOOK_URL: z.url("must be an address, or be left out").optional(),
    STRIPE_WEBHOOK_SECRET: z.string().startsWith("whsec_", "must be a signing secret, whsec_…"),
    STRIPE_SECRET_KEY: z.string().regex(/^sk_test_\w+$/, "must be a test key, sk_test_…"),
  })
  .safeParse(process.env);

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const taken = "code" in error && error.code === "EADDRINUSE" && "port" in error;
  return taken ? `Port ${error.port} is in use. Choose another with STRIPE_SANDBOX_PORT.` : error.message;
}

function stop(message: string): never {
  process.stderr.write(`The Stripe sandbox cannot start. ${message}\n`);
  process.exit(1);
}

if (!environment.success) {
  stop(environment.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}

const given = environment.data;
const sandbox = await startStripeSandbox({
  port: given.STRIPE_SANDBOX_PORT,
  webhookUrl: given.STRIPE_WEBHOOK_URL ?? null,
  // The environment may list several secrets while one is rotated; the first is the newest.
  webhookSecret: given.STRIPE_WEBHOOK_SECRET.split(",")[0]?.trim() ?? "",
  secretKey: given.STRIPE_SECRET_KEY,
  ...(given.STRIPE_SANDBOX_DATA === undefined ? {} : { dataFile: given.STRIPE_SANDBOX_DATA }),
  ...(given.STRIPE_SANDBOX_PUBLIC_URL === undefined ? {} : { publicUrl: given.STRIPE_SANDBOX_PUBLIC_URL }),
}).catch((error: unknown) => stop(explain(error)));

process.stdout.write(`Stripe sandbox: ${sandbox.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    sandbox.close().catch((error: unknown) => {
      process.stderr.write(`The Stripe sandbox could not save its state. ${explain(error)}\n`);
      process.exitCode = 1;
    });
  });
}
