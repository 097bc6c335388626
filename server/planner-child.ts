import { runInWorker } from './planning/in-worker.js';

/** The process in which repositories are read: see `server/planning/worker.ts`. */
runInWorker();
