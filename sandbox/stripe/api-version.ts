/** The API version whose shapes the sandbox answers in; the installed `stripe` package pins the same. */
export const API_VERSION = "2026-10-28.endive";
