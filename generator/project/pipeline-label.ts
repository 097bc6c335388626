/** What is left of a pipeline's name in Kubeflow Pipelines, which takes DNS labels only: `Team A: Iris` is `team-a-iris`. */
export function pipelineLabel(name: string): string {
  return labelled(name).replace(/-$/, '');
}

/** The same for the start of names: `Team A ` is `team-a-`, and a label of one of these names begins with it. */
export function pipelineLabelStart(start: string): string {
  return labelled(start);
}

function labelled(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '');
}
