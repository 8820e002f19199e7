/** What the browser may take of the document's words too: pure, small, and blind to who reads. */
export { CODE_LANGUAGES, languageLabel, markedLineNumbers } from "./code";
export { countWords, readingMinutes } from "./reading";
export { dateWords, plainParagraphs, postAuthor, siteOf } from "./wording";
