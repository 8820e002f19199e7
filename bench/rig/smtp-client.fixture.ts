/** Speaks SMTP to the observer byte by byte, as no library would. */
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

export type SmtpClient = {
  /** Writes as it is, and answers what came back once it holds `replies` whole replies or the connection ended. */
  say(text: string, replies: number): Promise<string[]>;
  socket: Socket;
  readonly isOver: boolean;
};

export async function connectSmtp(port: number): Promise<SmtpClient> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  socket.setNoDelay(true);
  let heard = "";
  let over = false;
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    over = true;
  });
  const client = {
    socket,
    get isOver() {
      return over;
    },
    async say(text: string, replies: number) {
      if (text !== "") socket.write(text, "latin1");
      while (!over && finalLines(heard).length < replies) {
        const wait = new AbortController();
        const { signal } = wait;
        await Promise.race([once(socket, "data", { signal }), once(socket, "close", { signal })]);
        wait.abort();
      }
      const lines = finalLines(heard);
      heard = "";
      return lines;
    },
  };
  await client.say("", 1);
  return client;
}

function finalLines(text: string): string[] {
  return text.split("\r\n").filter((line) => /^\d{3} /.test(line));
}
