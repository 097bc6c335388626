/** The file of a worker: beside the compiled server, or the source where that runs. The path holds in the bundle, too. */
export const PLANNER_FILE = new URL(
  `../server/planner-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);
