/** What templates/workflow-description.md.hbs shows on Argo's page of a workflow. */
export interface WorkflowDescription {
  readonly repository: { readonly owner: string; readonly name: string };
  /** Number of the pull request. */
  readonly pullRequest: number | undefined;
  /** Full commit id. */
  readonly commit: string | undefined;
  /** The files may differ from the commit. */
  readonly dirty: boolean;
  /** In the order of the configuration; the page shows the first 20. */
  readonly images: readonly { readonly name: string; /** With its tag. */ readonly destination: string }[];
  readonly pipeline: { readonly name: string; readonly namespace: string; readonly path: string };
  /** The pipeline runs after it was compiled. */
  readonly run: boolean;
  /** GitHub login of who asked for it. */
  readonly requestedBy: string | undefined;
}

/** Data of each templates/<name>.md.hbs. */
export interface MarkdownTemplates {
  'workflow-description': WorkflowDescription;
}
