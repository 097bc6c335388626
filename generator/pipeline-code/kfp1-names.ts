const MIGRATION = 'https://www.kubeflow.org/docs/components/pipelines/user-guides/migration/';
const COMPONENT = 'Decorate the function with `@dsl.component` instead';
const CONTAINER = 'Write a component with `@dsl.container_component` that returns a `dsl.ContainerSpec`';
const KUBERNETES = 'Use `from kfp import kubernetes` (package kfp-kubernetes)';
const VOLUME = `${KUBERNETES}: \`kubernetes.CreatePVC\` and \`kubernetes.mount_pvc\``;
const FILE = 'Use `dsl.InputPath` and `dsl.OutputPath`, or `dsl.Input` and `dsl.Output`';

/**
 * What kfp 1.8.22 has in its public modules and kfp 2.17.0 hasn't, with what takes its place. A test holds it against the
 * installed kfp 2. `kfops.model` of 2022 was made of KFP 1.
 */
const GONE: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  kfp: {
    LocalClient: 'Use `kfp.local`',
    run_pipeline_func_locally: 'Use `kfp.local`',
    run_pipeline_func_on_cluster: undefined,
    auth: undefined,
    aws: KUBERNETES,
    azure: KUBERNETES,
    containers: undefined,
    gcp: KUBERNETES,
    notebook: undefined,
    onprem: KUBERNETES,
  },
  'kfp.compiler': {
    build_docker_image: undefined,
    build_python_component: COMPONENT,
    VersionedDependency: undefined,
  },
  'kfp.components': {
    ComponentStore: undefined,
    create_component_from_airflow_op: COMPONENT,
    create_component_from_func: COMPONENT,
    create_component_from_func_v2: COMPONENT,
    create_graph_component_from_pipeline_func: 'Decorate the function with `@dsl.pipeline` instead',
    default_base_image_or_builder: undefined,
    func_to_component_text: COMPONENT,
    func_to_container_op: COMPONENT,
    InputArtifact: FILE,
    InputBinaryFile: FILE,
    InputPath: FILE,
    InputTextFile: FILE,
    load_component: 'Use `components.load_component_from_file`, `…_from_text` or `…_from_url`',
    OutputArtifact: FILE,
    OutputBinaryFile: FILE,
    OutputPath: FILE,
    OutputTextFile: FILE,
  },
  kfops: {
    model:
      'Write a component with a parameter `model: dsl.Output[dsl.Model]`, and store the model at `model.path`',
  },
  'kfp.dsl': {
    BaseOp: CONTAINER,
    ContainerOp: CONTAINER,
    EXECUTION_ID_PLACEHOLDER: 'Use `dsl.PIPELINE_TASK_ID_PLACEHOLDER`',
    get_pipeline_conf: KUBERNETES,
    InputArgumentPath: FILE,
    match_serialized_pipelineparam: undefined,
    OpsGroup: undefined,
    Pipeline: undefined,
    PipelineConf: KUBERNETES,
    PipelineExecutionMode: 'KFP 2 has one mode: remove it',
    PipelineParam: 'Use the parameters of the pipeline’s function',
    PipelineVolume: VOLUME,
    ResourceOp: CONTAINER,
    ROOT_PARAMETER_NAME: undefined,
    RUN_ID_PLACEHOLDER: 'Use `dsl.PIPELINE_JOB_ID_PLACEHOLDER`',
    Sidecar: CONTAINER,
    SubGraph: undefined,
    UserContainer: CONTAINER,
    VOLUME_MODE_ROM: VOLUME,
    VOLUME_MODE_RWM: VOLUME,
    VOLUME_MODE_RWO: VOLUME,
    VolumeOp: VOLUME,
    VolumeSnapshotOp: VOLUME,
    _container_op: CONTAINER,
    _pipeline_param: undefined,
    data_passing_methods: undefined,
    extensions: KUBERNETES,
    io_types: 'Import the type from `kfp.dsl`',
  },
};

/** Full names of KFP 1, each with a hint. */
export const KFP1_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(GONE).flatMap(([module, names]) =>
    Object.entries(names).map(([name, instead]) => [
      `${module}.${name}`,
      instead === undefined ? `See the guide (${MIGRATION})` : `${instead} (guide: ${MIGRATION})`,
    ]),
  ),
);
