import type { Settings } from '../../schema/index.js';

/** The settings that a Workflow depends on. */
export type WorkflowSettings = Pick<
  Settings,
  'namespace' | 'kaniko' | 'service_accounts' | 'build' | 'workflow'
>;
