import type { Settings } from '../../schema/index.js';

/** The settings that a Workflow depends on. */
export type WorkflowSettings = Pick<
  Settings,
  'namespace' | 'kaniko' | 'compiler' | 'kfops' | 'kfp' | 'service_accounts' | 'build' | 'workflow'
>;
