/**
 * Every diagnostic code with its title. `docs/errors.md` has a section for each, and a test holds the two equal.
 */
export const DIAGNOSTIC_CODES = {
  // YAML itself
  YAML_SYNTAX: 'The file is not valid YAML',
  YAML_LIMIT: 'The file is too large, too deep or has too many aliases',
  FILE_MISSING: 'A file that is needed is not there',
  FILE_UNREADABLE: 'A file cannot be read',
  REVISION: 'A text is not a commit of the repository',
  // Shape
  UNKNOWN_KEY: 'A key is not known',
  REQUIRED_KEY: 'A required key is missing',
  WRONG_TYPE: 'A value has the wrong type',
  WRONG_VALUE: 'A value is not one of those allowed',
  TEMPLATE_TAG: 'A text holds `{{`, which Argo would evaluate',
  OVERRIDE: 'A --set or --config-override cannot be used',
  // Images and contexts
  LOST_KEY: 'A list of folders stands where an image is expected',
  DUPLICATE_NAME: 'Two images have the same name',
  NAME_CLASH: 'The names of two images become the same task name',
  IMAGE_REFERENCE: 'A destination is not a valid image reference',
  REGISTRY_NOT_ALLOWED: 'The settings do not allow images in this registry',
  PATH_OUTSIDE: 'A path leaves the repository',
  FOLDER_MISSING: 'A folder is not in the repository',
  DOCKERFILE_MISSING: 'The Dockerfile is not in its folder',
  CONTEXT_CLASH: 'Two folders put something at the same place of a context',
  LINK_OUTSIDE: 'A symbolic link leaves its context',
  FILE_KIND: 'A file is neither a regular file, a folder nor a symbolic link',
  SUBMODULE: 'The files of a git submodule cannot be read',
  LFS_CONTENT: 'A Git LFS file is there as a pointer only',
  NOT_CHECKED_OUT: 'A file of a context is left out of the work tree',
  UNMERGED: 'A file of a context has a merge conflict',
  IGNORE_PATTERN: 'A pattern of a .dockerignore cannot be used',
  CONTEXT_LIMIT: 'A context is larger than the settings allow',
  IMAGE_LIMIT: 'More images than the settings allow',
  // Pipeline
  PIPELINE_MISSING: 'pipeline_path is not in the repository',
  PIPELINE_SYNTAX: 'The code of the pipeline is not valid Python',
  PIPELINE_CODE: 'The code of the pipeline cannot be compiled',
  PIPELINE_CHOICE: 'The file has no pipeline, or several',
  PIPELINE_KFP1: 'The pipeline is written for Kubeflow Pipelines 1',
  PIPELINE_LIMIT: 'The code of the pipeline takes too much time or memory, or its result is too large',
  KFP_MISSING: 'A run is asked for, and the settings have no Kubeflow Pipelines',
  // Kaniko manifest
  MANIFEST_FIELD: 'A field of kaniko-manifest.yaml is not allowed',
  MANIFEST_CONTAINER: 'kaniko-manifest.yaml has no container that is Kaniko',
  MANIFEST_MOUNT: 'A mount of kaniko-manifest.yaml is in the way of the build',
  // On a server
  OTHER_REPOSITORY: 'config.yaml belongs to another repository than the pull request',
  NAMESPACE_NOT_ALLOWED: 'The settings do not allow pipelines in this namespace',
  PIPELINE_NOT_ALLOWED: 'The settings do not allow this name of a pipeline or an experiment',
  IMAGE_NOT_ALLOWED: 'The settings do not allow this compiler image',
  MANIFEST_NOT_ALLOWED: 'kaniko-manifest.yaml uses something that the settings do not allow',
  SERVER_SETTINGS: 'The server cannot start with these settings',
  PAYLOAD: 'A saved delivery cannot be replayed',
  // Warnings
  NOT_TRUSTED: 'The server does not take this from a repository',
  NOT_THE_COMMIT: 'Files that git calls unchanged are not those of the commit',
  IGNORED_FOLDER: 'A .dockerignore excludes everything in a folder that an image names',
  LARGE_CONTEXT: 'A context is larger than 100 MiB',
  INLINE_CREDENTIALS: 'Keys of MinIO are written into config.yaml',
  DEPRECATED: 'Something that still works and has a better way',
} as const;

/** Name of a rule that a file can break. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;
