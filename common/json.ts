/** An object of JSON whose fields nobody has checked yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** @returns whether a value is an object of JSON: no list, not null. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the object, or undefined where the value is something else. */
export function asRecord(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** @returns the object, or an empty one where the value is something else: for fields that may be absent. */
export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** @returns the object that a text of JSON holds, or undefined where it is something else, or no JSON. */
export function parseRecord(text: string): JsonRecord | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}
