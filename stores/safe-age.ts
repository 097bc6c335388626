/**
 * An object that was stored longer ago is stored again before it is used. So an object that is
 * {@link SAFE_TO_DELETE_DAYS} old is needed by no new workflow.
 */
export const REFRESH_DAYS = 7;

/** The least age at which `kfops gc` or a rule of the bucket can delete an object: a week is left to start the build. */
export const SAFE_TO_DELETE_DAYS = 2 * REFRESH_DAYS;

/** Milliseconds. */
export const DAY_MS = 86_400_000;
