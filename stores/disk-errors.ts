import { getSystemErrorMap } from 'node:util';

/** Why the operating system refused a file, in words, and what to do. */
export interface DiskProblem {
  readonly why: string;
  readonly nextStep: string;
}

/** The reason for the error of a call that was to write a file. */
export function diskProblem(error: unknown): DiskProblem {
  const { code = 'unknown error', errno } = (error ?? {}) as NodeJS.ErrnoException;
  const known = PROBLEMS[code];
  if (known) return { why: known[0], nextStep: known[1] };
  return { why: systemText(errno) ?? code, nextStep: ELSEWHERE };
}

/**
 * The call that the operating system refused, and why, in its own words: `open /etc/x: permission denied`. Undefined
 * where the error is not about a file.
 */
export function refusedCall(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const { code = '', errno, syscall = '', path } = error as NodeJS.ErrnoException;
  if (!(code in PROBLEMS)) return undefined;
  return `${[syscall, path].filter(Boolean).join(' ')}: ${systemText(errno) ?? code}`;
}

function systemText(errno: number | undefined): string | undefined {
  return errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1];
}

const ELSEWHERE = 'Choose another place for it.';
const ALLOWED = 'Choose a folder in which you may write.';
const SPACE = 'Free some space, or choose a folder on another disk.';

const PROBLEMS: Readonly<Record<string, readonly [why: string, nextStep: string]>> = {
  EACCES: ['permission denied', ALLOWED],
  EPERM: ['permission denied', ALLOWED],
  EROFS: ['the file system is read-only', ALLOWED],
  ENOSPC: ['no space left', SPACE],
  EDQUOT: ['your quota on this disk is used up', SPACE],
  EFBIG: ['the file would be larger than allowed', 'Raise the limit (`ulimit -f`), or choose another disk.'],
  EIO: ['the disk reports an error', 'Check the disk.'],
  EPIPE: ['its reader has gone', 'See why the program that reads it has ended.'],
  ENOENT: ['its folder cannot be made', ELSEWHERE],
  ENXIO: ['nothing reads from it', ELSEWHERE],
  EBUSY: ['another program uses it', ELSEWHERE],
  ETXTBSY: ['it is a program that runs', ELSEWHERE],
  EISDIR: ['a folder is in its place', 'Choose another place for it, or move that folder away.'],
  ENOTDIR: ['a part of its path is a file, not a folder', ELSEWHERE],
  EEXIST: ['a part of its path is a file, not a folder', ELSEWHERE],
  ELOOP: ['its symbolic links lead in a circle', ELSEWHERE],
  ENAMETOOLONG: ['its name is too long', 'Choose a shorter name.'],
  EMFILE: ['too many files are open', 'Raise the limit of open files (`ulimit -n`).'],
  ENFILE: ['too many files are open on this machine', 'Close other programs.'],
};
