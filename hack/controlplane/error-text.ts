/** The message, and those of the causes that it doesn't tell already: `fetch failed` alone helps nobody. */
export function errorText(thrown: unknown): string {
  if (!isErrorLike(thrown)) return String(thrown);
  const text = thrown.message === '' ? thrown.name : thrown.message;
  if (thrown.cause === undefined) return text;
  const cause = errorText(thrown.cause);
  return text.includes(cause) ? text : `${text}: ${cause}`;
}

/** Not by instanceof: under a test runner Node's own errors come from another realm. */
function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';
}
