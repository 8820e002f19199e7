/**
 * Names of the cookies that say who somebody is. Pure, so that whatever routes requests can look for one without
 * loading sign-in. The `__Host-` prefix makes browsers refuse the cookie from anywhere but this host over HTTPS (RFC
 * 6265bis 4.1.3.2); without HTTPS, on a laptop, it would refuse the cookie altogether.
 */
export function sessionCookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? "__Host-masthead" : "masthead";
}

/** Ties a request to sign in to the browser that asked. */
export function signInCookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? "__Host-masthead-login" : "masthead-login";
}

export function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith("https:");
}
