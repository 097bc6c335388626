import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a regular file from a folder where foreign code ran. Of a FIFO or a device nothing is read, a link isn't followed, and
 * opening doesn't wait.
 *
 * @throws Error where there is no such file, or it has more than `limit` bytes
 */
export async function readRegular(path: string, limit: number): Promise<string> {
  const file = await open(path, FLAGS);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error(`${path} is not a regular file`);
    if (stat.size > limit) throw new Error(`${path} has ${stat.size} bytes, more than ${limit}`);
    const buffer = Buffer.alloc(stat.size);
    const { bytesRead } = await file.read(buffer, 0, stat.size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
