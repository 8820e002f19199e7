/** `<local@domain>` at the domain that the mail comes from, RFC 5322 3.6.4. Both parts are ours, never typed. */
export function messageIdAt(local: string, mailFrom: string): string {
  return `<${local}@${mailFrom.slice(mailFrom.lastIndexOf("@") + 1)}>`;
}
