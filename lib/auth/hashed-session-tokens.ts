import { createHash } from "node:crypto";
import type { DBAdapter, Where } from "@better-auth/core/db/adapter";

/**
 * Keeps only the SHA-256 of a session's token in the database, so that a copy of the database opens no account.
 * better-auth stores tokens as they are; this stands between it and its adapter and changes what is written and looked
 * up. What it hands back carries the real token, because that is what goes into the cookie.
 */
export function hashSessionTokens(adapter: DBAdapter): DBAdapter {
  return {
    ...adapter,
    create: async <T extends Record<string, unknown>, R = T>(request: Parameters<DBAdapter["create"]>[0]) => {
      const token: unknown = request.data.token;
      if (request.model !== "session" || typeof token !== "string")
        return adapter.create<T, R>(request as never);
      const stored = { ...request, data: { ...request.data, token: hashToken(token) } };
      return { ...(await adapter.create<T, R>(stored as never)), token };
    },
    findOne: async <T>(request: Parameters<DBAdapter["findOne"]>[0]) => {
      const token = tokenIn(request);
      const row = await adapter.findOne<T>(hashed(request));
      return row === null || token === null ? row : { ...row, token };
    },
    findMany: (request) =>
      adapter.findMany(request.where ? hashed({ ...request, where: request.where }) : request),
    update: async <T>(request: Parameters<DBAdapter["update"]>[0]) => {
      const token = tokenIn(request);
      const row = await adapter.update<T>(hashed(request));
      return row === null || token === null ? row : { ...row, token };
    },
    updateMany: (request) => adapter.updateMany(hashed(request)),
    delete: (request) => adapter.delete(hashed(request)),
    deleteMany: (request) => adapter.deleteMany(hashed(request)),
    consumeOne: (request) => adapter.consumeOne(hashed(request)),
  };
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

type Request = { model: string; where: Where[] };

function isToken(request: Request, part: Where): part is Where & { value: string } {
  return request.model === "session" && part.field === "token" && typeof part.value === "string";
}

function tokenIn(request: Request): string | null {
  const part = request.where.find((candidate) => isToken(request, candidate));
  return typeof part?.value === "string" ? part.value : null;
}

function hashed<R extends Request>(request: R): R {
  return {
    ...request,
    where: request.where.map((part) =>
      isToken(request, part) ? { ...part, value: hashToken(part.value) } : part,
    ),
  };
}
