/** `Model` for `system.Model`, Kubeflow's name of a type that its SDK has. */
export function typeName(type: string): string {
  return type.replace(/^system\./, '');
}

/** Whether artifacts of a type hold plain numbers: the newer API calls `system.Metrics` `Metric`. */
export function isMetrics(type: string): boolean {
  return type === 'system.Metrics' || type === 'Metric';
}
