/** The publication's name as a link home. `size` "display" is the front page's; a page has one of them. */
export function Wordmark({ name, size = "small" }: { name: string; size?: "small" | "display" }) {
  return (
    <a href="/" className={`wordmark wordmark-${size}`}>
      {name}
    </a>
  );
}
