import { type Markup, markup } from "@/sandbox/mailbox/pages/markup";
import { readBody } from "../http";
import { frame } from "./frame";
import type { Visit } from "./serve";

/** Where a card's holder says yes or no, as a bank would ask. */
export function authenticationPage(): Markup {
  return frame(
    "Confirm that it is you",
    markup`<h1>Confirm that it is you</h1>
<p>Your bank wants to know whether you agree to this card being used. A real bank would ask for a code here.</p>
<form method="post" class="buttons">
<button name="outcome" value="complete">Complete authentication</button>
<button name="outcome" value="fail" class="quiet">Fail authentication</button>
</form>`,
  );
}

/** Whether the holder said yes. Anything else is a no. */
export async function readAuthentication({ request }: Visit): Promise<boolean> {
  return new URLSearchParams(await readBody(request)).get("outcome") === "complete";
}
