/** An error as log fields: its message, the messages of what caused it, outermost first, and its stack. */
export type ErrorFields = {
  readonly error: string;
  readonly causes?: readonly string[];
  readonly stack?: string;
};

const MOST_CAUSES = 10;

/** Takes whatever was thrown, also what is no Error, and never throws itself. */
export function describeError(thrown: unknown): ErrorFields {
  const causes: string[] = [];
  let cause = causeOf(thrown);
  while (cause !== undefined && causes.length < MOST_CAUSES) {
    causes.push(messageOf(cause));
    cause = causeOf(cause);
  }
  return {
    error: messageOf(thrown),
    ...(causes.length > 0 && { causes }),
    ...(thrown instanceof Error && thrown.stack !== undefined && { stack: thrown.stack }),
  };
}

function causeOf(thrown: unknown): unknown {
  if (thrown instanceof AggregateError && thrown.cause === undefined) return thrown.errors[0];
  return thrown instanceof Error ? thrown.cause : undefined;
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'something that has no text was thrown';
  }
}
