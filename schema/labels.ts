/** Name of a label, and its value where it has one. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
/** Domain before a `/`. */
const DOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const LONGEST_DOMAIN = 253;

/** Whether Kubernetes takes it as the key of a label: `team`, `example.com/team` (`IsQualifiedName`). */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return NAME.test(key);
  const domain = key.slice(0, slash);
  return domain.length <= LONGEST_DOMAIN && DOMAIN.test(domain) && NAME.test(key.slice(slash + 1));
}

/** Whether Kubernetes takes it as the value of a label (`IsValidLabelValue`). */
export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}
