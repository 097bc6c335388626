/**
 * An answer of Kubernetes or of Argo, parsed from its JSON. Go writes an empty list or map and a time that is not known
 * as null, and Kubernetes takes null for absent: such fields are left out, so that readers have one case.
 */
export function parseAnswer(json: string): unknown {
  const value: unknown = JSON.parse(json);
  dropNulls(value);
  return value;
}

function dropNulls(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    // A list keeps its length: the place of an entry may matter.
    if (field !== null) dropNulls(field);
    else if (!Array.isArray(value)) Reflect.deleteProperty(value, key);
  }
}
