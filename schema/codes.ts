/** Every diagnostic code with its title. `docs/errors.md` has a section for each, in this order; a test checks it. */
export const DIAGNOSTIC_CODES = {
  // YAML itself
  YAML_SYNTAX: "The file isn't valid YAML",
  YAML_LIMIT: 'The file is too large, is nested too deeply or has too many aliases',
  FILE_MISSING: "A required file doesn't exist",
  FILE_UNREADABLE: "A file can't be read",
  REVISION: 'Not a commit of the repository',
  // Shape
  UNKNOWN_KEY: 'Unknown key',
  REQUIRED_KEY: 'A required key is missing',
  WRONG_TYPE: 'A value has the wrong type',
  WRONG_VALUE: "A value isn't allowed",
  TEMPLATE_TAG: 'A text contains `{{`, which Argo would evaluate',
  OVERRIDE: "A --set or --config-override isn't valid",
  // Images and contexts
  LOST_KEY: 'A folder is in the list of images',
  DUPLICATE_NAME: 'Two images have the same name',
  NAME_CLASH: 'The names of two images result in the same task name',
  IMAGE_REFERENCE: 'Invalid image reference',
  REGISTRY_NOT_ALLOWED: "The settings don't allow images in this registry",
  PATH_OUTSIDE: 'A path leaves the repository',
  FOLDER_MISSING: "A folder isn't in the repository",
  DOCKERFILE_MISSING: "The Dockerfile isn't in its folder",
  DOCKERFILE_SYNTAX: "Kaniko can't read the Dockerfile",
  DOCKERFILE_VARIABLE: "A variable in an image's name has no value, or isn't expanded there",
  TARGET_MISSING: "The Dockerfile doesn't have the stage in `target`",
  STAGE_MISSING: "COPY names a stage that isn't in the Dockerfile",
  COPY_SOURCE_MISSING: "COPY or ADD names a path that isn't in the build context",
  IMAGE_CYCLE: 'Images are based on each other',
  CONTEXT_CLASH: 'Two folders have something at the same path of a build context',
  LINK_OUTSIDE: 'A symbolic link leads out of its build context',
  FILE_KIND: "A file isn't a regular file, a folder or a symbolic link",
  SUBMODULE: "The files of a git submodule can't be read",
  LFS_CONTENT: 'A Git LFS file is only a pointer',
  NOT_CHECKED_OUT: "A file of a build context isn't in the work tree",
  UNMERGED: 'A file of a build context has merge conflict markers',
  IGNORE_PATTERN: "A pattern in a .dockerignore isn't valid",
  CONTEXT_LIMIT: 'A build context is larger than the settings allow',
  IMAGE_LIMIT: 'There are more images than the settings allow',
  // Pipeline
  PIPELINE_MISSING: "The file in pipeline_path isn't in the repository",
  PIPELINE_SYNTAX: "The pipeline's code isn't valid Python",
  PIPELINE_CODE: "Python or kfp rejects the pipeline's code",
  PIPELINE_CHOICE: "The file has no pipeline, has several, or doesn't have the named pipeline",
  PIPELINE_KFP1: 'The pipeline is written for Kubeflow Pipelines 1',
  PIPELINE_LIMIT: "The pipeline's code takes too much time or memory, or its result is too large",
  KFP_MISSING: "A run needs Kubeflow Pipelines, which isn't in the settings",
  // Images of the steps
  IMAGES_REGISTRY: "The settings don't say where Kfops' own images are",
  IMAGE_NOT_FOUND: "A registry doesn't have the image in which a step runs",
  // Kaniko manifest
  MANIFEST_FIELD: "A field in kaniko-manifest.yaml isn't allowed",
  MANIFEST_CONTAINER: 'kaniko-manifest.yaml has several containers, none of them Kaniko',
  MANIFEST_MOUNT: "A mount in kaniko-manifest.yaml isn't valid or hides files that the build needs",
  // On a server
  OTHER_REPOSITORY: "`repository` in config.yaml isn't the repository of the pull request",
  NAMESPACE_NOT_ALLOWED: "The settings don't allow pipelines in this namespace",
  PIPELINE_NOT_ALLOWED: "The settings don't allow this name for a pipeline or an experiment",
  IMAGE_NOT_ALLOWED: "The settings don't allow this compiler image",
  MANIFEST_NOT_ALLOWED: "kaniko-manifest.yaml uses something that the settings don't allow",
  SERVER_SETTINGS: "The server can't start with these settings",
  PAYLOAD: "The input isn't a GitHub delivery",
  // Warnings
  NOT_TRUSTED: 'The server ignores part of the pull request',
  NOT_THE_COMMIT: 'Files differ from the commit, although git reports no change',
  IGNORED_FOLDER: 'A .dockerignore excludes everything in a folder of an image',
  LARGE_CONTEXT: 'A build context is larger than 100 MiB',
  INLINE_CREDENTIALS: 'config.yaml contains MinIO keys',
  DEPRECATED: 'Something still works, but there is a better alternative',
} as const;

/** Name of a rule that a file can break. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
