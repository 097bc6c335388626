/** The worker's file, next to the compiled server or its source. The path is also valid in the bundle. */
export const PLANNER_FILE = new URL(
  `../server/planner-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);
