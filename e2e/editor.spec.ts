import type { Page } from "@playwright/test";
import { expect, test } from "./setup/fixtures";

const text = (page: Page) => page.getByRole("textbox", { name: "Text", exact: true });
const saved = (page: Page) => page.getByText(/^Saved \d/);

async function startWriting(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New issue" }).click();
  await text(page).waitFor();
  // A new issue opens with the publication's snippets; these journeys begin with an empty page.
  await text(page).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Backspace");
}

/** What a browser puts on the clipboard when somebody copies: pasted as the editor would get it. */
async function paste(page: Page, content: Readonly<Record<string, string>>): Promise<void> {
  await text(page).evaluate((element, kinds) => {
    const data = new DataTransfer();
    for (const [kind, value] of Object.entries(kinds)) data.setData(kind, value);
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, content);
}

/** The whole text as the desk writes it down. */
async function asMarkdown(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Markdown" }).click();
  const field = page.getByRole("textbox", { name: "Markdown" });
  await expect(field).toBeEditable();
  const markdown = await field.inputValue();
  await page.getByRole("button", { name: "Cancel" }).click();
  return markdown;
}

test("an issue is written by keyboard alone, saved by itself, and there again after a reload", async ({
  page,
  author,
  signIn,
  checkAccessibility,
}) => {
  test.setTimeout(400_000);
  await signIn(author, { next: "/admin/issues" });
  await startWriting(page);
  await page.getByLabel("Title", { exact: true }).fill("Written by keyboard");
  await text(page).focus();
  const { keyboard } = page;
  await keyboard.type("## What drifts");
  await keyboard.press("Enter");
  await keyboard.type("Every ");
  await keyboard.press("ControlOrMeta+B");
  await keyboard.type("score");
  await keyboard.press("ControlOrMeta+B");
  await keyboard.type(" was true once, as $x^2$ is.");
  await keyboard.press("Enter");
  await keyboard.type("- Inputs");
  await keyboard.press("Enter");
  await keyboard.type("Labels");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.type("```ts ");
  await keyboard.type("const drift = 1;");
  await keyboard.press("ArrowDown");
  await keyboard.type("/callout");
  await checkAccessibility();
  await keyboard.press("Enter");
  await keyboard.type("Check the join keys.");
  await keyboard.press("Alt+Enter");
  await page.getByLabel("Kind").selectOption("warning");
  await page.getByRole("dialog").getByLabel("Title").fill("Before you retrain");
  await checkAccessibility();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("Before you retrain")).toBeVisible();
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.type("/link");
  await keyboard.press("Enter");
  await page.getByRole("button", { name: "Insert", exact: true }).last().click();
  await expect(page.getByText("Write a whole link, such as https://example.com/page.")).toBeVisible();
  await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).fill("https://example.net/piece");
  await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).fill("A piece worth reading");
  await keyboard.press("Enter");
  await expect(page.getByText("A piece worth reading")).toBeVisible();
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Written by keyboard");
  await expect(text(page).getByRole("heading", { name: "What drifts" })).toBeVisible();
  await checkAccessibility();
  const markdown = await asMarkdown(page);
  expect(markdown).toBe(
    [
      "## What drifts",
      "Every **score** was true once, as $x^2$ is.",
      "- Inputs\n- Labels",
      "```ts\nconst drift = 1;\n```",
      ":::warning[Before you retrain]\nCheck the join keys.\n:::",
      '::link-card{url="https://example.net/piece" title="A piece worth reading"}\n',
    ].join("\n\n"),
  );
});

test("blocks are moved, deleted and brought back", async ({ page, author, signIn }) => {
  await signIn(author, { next: "/admin/issues" });
  await startWriting(page);
  const { keyboard } = page;
  await keyboard.type("First.");
  await keyboard.press("Enter");
  await keyboard.type("Second.");
  await keyboard.press("Alt+ArrowUp");
  expect(await asMarkdown(page)).toBe("Second.\n\nFirst.\n");
  await keyboard.press("Escape");
  await keyboard.press("Backspace");
  expect(await asMarkdown(page)).toBe("First.\n");
  await page.getByRole("button", { name: "Undo" }).click();
  expect(await asMarkdown(page)).toBe("Second.\n\nFirst.\n");
  await text(page).focus();
  await keyboard.press("Alt+F10");
  await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
  await keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "Redo" })).toBeFocused();
});

test("a second tab is told before it overwrites the first one's words, and nothing is lost", async ({
  page,
  context,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/issues" });
  await startWriting(page);
  await page.keyboard.type("Words of the beginning.");
  await expect(saved(page)).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(text(second)).toContainText("Words of the beginning.");
  await text(page).press("ControlOrMeta+End");
  await page.keyboard.type(" Words of the first tab.");
  await expect(second.getByText("Changed in another tab or device")).toBeVisible();
  await text(second).press("ControlOrMeta+End");
  await second.keyboard.type(" Words of the second tab.");
  await second.getByRole("button", { name: /Keep mine/ }).click();
  await expect(saved(second)).toBeVisible();
  await expect(page.getByText("Changed in another tab or device")).toBeVisible();
  await page.getByRole("button", { name: "Load theirs" }).click();
  await expect(text(page)).toContainText("Words of the second tab.");

  await page.getByRole("link", { name: "Revisions" }).click();
  await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
  await expect(page.getByText("Words of the first tab.")).toBeVisible();
  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(text(page)).toContainText("Words of the first tab.");
});

test.describe("without a connection", () => {
  test.use({ expectedErrors: [/ERR_FAILED/] });

  test("words wait on this device until they are wanted", async ({ page, context, author, signIn }) => {
    await signIn(author, { next: "/admin/issues" });
    await startWriting(page);
    await context.route("**/edit/save", (route) => route.abort());
    await page.keyboard.type("Typed in a tunnel.");
    await expect(page.getByText(/No connection: kept on this device/)).toBeVisible();
    const address = page.url();
    // What a page sends on its way out may slip past the route above.
    await page.evaluate(() => {
      window.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
    });
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto("about:blank");
    await page.close();
    await context.unroute("**/edit/save");
    const later = await context.newPage();
    await later.goto(address);
    await expect(later.getByText("There are words on this device that were never saved")).toBeVisible();
    await expect(text(later)).not.toContainText("Typed in a tunnel.");
    await later.getByRole("button", { name: "Bring them back" }).click();
    await expect(saved(later)).toBeVisible();
    await later.reload();
    await expect(text(later)).toContainText("Typed in a tunnel.");
  });
});

test.describe("after the session ended", () => {
  test.use({ expectedErrors: [/401/] });

  test("the words stay and are saved once the author is back", async ({ page, context, author, signIn }) => {
    await signIn(author, { next: "/admin/issues" });
    await startWriting(page);
    const cookies = await context.cookies();
    await context.clearCookies();
    await page.keyboard.type("Typed after the session ended.");
    await expect(page.getByRole("link", { name: "Sign in again in another tab" })).toBeVisible();
    await context.addCookies(cookies);
    await expect(saved(page)).toBeVisible();
  });
});

test("what is pasted from a page or from Markdown becomes the issue's own blocks", async ({
  page,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/issues" });
  await startWriting(page);
  await paste(page, {
    "text/html":
      '<h1 style="color:red">Found</h1><p><span style="font-size:40px">Some <b>bold</b></span> and <a href="javascript:alert(1)">bad</a> <a href="https://example.com/x" class="y">good</a></p><pre><code class="language-python">x = 1</code></pre><table><tr><th>A</th></tr><tr><td>1</td></tr></table><script>alert(1)</script>',
    "text/plain": "Found",
  });
  expect(await asMarkdown(page)).toBe(
    [
      "## Found",
      "Some **bold** and bad [good](https://example.com/x)",
      "```python\nx = 1\n```",
      "| A |\n| - |\n| 1 |\n",
    ].join("\n\n"),
  );
  await text(page).focus();
  await page.keyboard.press("ControlOrMeta+A");
  await paste(page, { "text/plain": "## Notes\n\n- one\n- **two**\n\n::paywall\n\nPaid $y$." });
  await expect(text(page).getByText("Paywall: from here on for members")).toBeVisible();
  expect(await asMarkdown(page)).toBe("## Notes\n\n- one\n- **two**\n\n::paywall\n\nPaid $y$.\n");
});

test("the whole text is written over as Markdown, and that can be undone", async ({
  page,
  author,
  signIn,
}) => {
  await signIn(author, { next: "/admin/issues" });
  await startWriting(page);
  await page.keyboard.type("Before.");
  await page.getByRole("button", { name: "Markdown" }).click();
  const field = page.getByRole("textbox", { name: "Markdown" });
  await expect(field).toHaveValue("Before.\n");
  await field.fill("After, with a note.[^1]\n\n[^1]: The note.\n");
  await page.getByRole("button", { name: "Take it over" }).click();
  await expect(text(page)).toContainText("After, with a note.");
  expect(await asMarkdown(page)).toBe("After, with a note.[^1]\n\n[^1]: The note.\n");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(text(page)).toContainText("Before.");
});

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

test.describe("a picture", () => {
  test.use({ expectedErrors: [/422|415/] });

  test("is uploaded and described; what is none is refused in words", async ({ page, author, signIn }) => {
    await signIn(author, { next: "/admin/issues" });
    await startWriting(page);
    await page.keyboard.type("Look:");
    const file = page.getByLabel("Pictures to upload");
    await file.setInputFiles({ name: "chart.png", mimeType: "image/png", buffer: PIXEL });
    await page.getByLabel("Description").fill("One dark pixel");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(text(page).getByRole("img", { name: "One dark pixel" })).toBeVisible();
    await file.setInputFiles({
      name: "broken.png",
      mimeType: "image/png",
      buffer: Buffer.from("no picture"),
    });
    await expect(page.getByText("broken.png was not uploaded")).toBeVisible();
    await expect(text(page)).toContainText("Look:");
    expect(await asMarkdown(page)).toMatch(
      /^Look:\n\n[\s\S]*!\[One dark pixel\]\(\/media\/[0-9a-f]{40}\.\w+\)/,
    );
  });
});
