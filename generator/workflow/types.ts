export interface Workflow {}
