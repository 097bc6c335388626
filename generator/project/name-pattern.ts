/**
 * Whether a name matches a pattern of the settings: `release/*`, `acme/*`. `*` matches any characters but `/`, as
 * often as it is written; everything else matches itself. The whole name must match.
 */
export function matchesName(pattern: string, name: string): boolean {
  const patterns = pattern.split('/');
  const parts = name.split('/');
  return patterns.length === parts.length && patterns.every((each, i) => matchesText(each, parts[i] ?? ''));
}

/** As {@link matchesName}, with `*` for any characters at all. */
export function matchesText(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  // The text between two `*` matches where it comes first: if that leaves no room for the rest, nothing does.
  let at = first.length;
  for (const middle of rest) {
    const found = text.indexOf(middle, at);
    if (found < 0) return false;
    at = found + middle.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
