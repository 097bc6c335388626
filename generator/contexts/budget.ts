import type { ContextLimits } from './context.js';
import { StepBudget } from './glob.js';

/** Steps of patterns on paths: about ten seconds. */
const PATTERN_STEPS = 200_000_000;
/** Steps along symbolic links: about two seconds. */
const LINK_STEPS = 50_000_000;
/** Letters that are compared to guess what was meant: about half a second. */
const HINT_STEPS = 50_000_000;
/** Links on the way to Dockerfiles and ignore files, of which each is read for itself. */
const FOLLOWED_LINKS = 1000;
/** All contexts together may have the files of this many, and in any case {@link LEAST_FILES}. */
const CONTEXTS = 10;
const LEAST_FILES = 100_000;

/** What one command may spend on the contexts of all its images together. Each part throws when it is used up. */
export interface ContextBudget {
  readonly patterns: StepBudget;
  readonly links: StepBudget;
  readonly hints: StepBudget;
  readonly followed: StepBudget;
  /** Files of all contexts that differ. */
  readonly files: StepBudget;
}

/** A budget for one command. */
export function contextBudget(limits: ContextLimits): ContextBudget {
  return {
    patterns: new StepBudget(PATTERN_STEPS),
    links: new StepBudget(LINK_STEPS),
    hints: new StepBudget(HINT_STEPS),
    followed: new StepBudget(FOLLOWED_LINKS),
    files: new StepBudget(filesTogether(limits)),
  };
}

/** How many files the contexts of all images may have together. */
export function filesTogether({ files }: ContextLimits): number {
  return Math.max(files * CONTEXTS, LEAST_FILES);
}
