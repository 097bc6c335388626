import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';

import { Client } from 'minio';

import { environment } from './environment.js';

/** MinIO as its administrator. */
export function minioAdmin(): Client {
  const [endPoint = '', port] = environment.minio.endpoint.split(':');
  return new Client({ ...environment.minio, endPoint, port: Number(port), useSSL: false });
}

/** One of the policies that MinIO brings along; `none`: a user who may do nothing. */
export type MinioPolicy = 'readonly' | 'writeonly' | 'readwrite' | 'none';

/** Makes a user of MinIO who has this policy and no other, as `mc admin user add` and `mc admin policy attach` do. */
export async function minioUser(
  accessKey: string,
  policy: MinioPolicy,
): Promise<{ readonly accessKey: string; readonly secretKey: string }> {
  const secretKey = randomBytes(16).toString('hex');
  const user = JSON.stringify({ secretKey, status: 'enabled' });
  await callAdmin('add-user', { accessKey }, sealed(environment.minio.secretKey, user));
  if (policy !== 'none') {
    const query = { policyName: policy, userOrGroup: accessKey, isGroup: 'false' };
    await callAdmin('set-user-or-group-policy', query, Buffer.alloc(0));
  }
  return { accessKey, secretKey };
}

/** MinIO's admin API takes the same signature as a bucket of the name `minio` would. */
async function callAdmin(verb: string, query: Record<string, string>, body: Buffer): Promise<void> {
  const request = {
    method: 'PUT',
    bucketName: 'minio',
    objectName: `admin/v3/${verb}`,
    query: new URLSearchParams(query).toString(),
  };
  const response = await minioAdmin().makeRequestAsync(request, body, [200], 'us-east-1');
  response.resume();
}

/**
 * What the admin API reads secrets from, as MinIO's `madmin.EncryptData` makes it where only FIPS algorithms may be
 * used: salt, the algorithm's number, nonce, and one AES-GCM fragment of the format `sio`.
 */
function sealed(password: string, text: string): Buffer {
  const salt = randomBytes(32);
  const nonce = randomBytes(8);
  const key = pbkdf2Sync(password, salt, 8192, 32, 'sha256');
  const seal = (fragment: number, data: string, authenticated: Buffer): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32LE(fragment);
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([nonce, counter]));
    cipher.setAAD(authenticated);
    return Buffer.concat([cipher.update(data, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  };
  const LAST = 0x80;
  const authenticated = Buffer.concat([Buffer.of(LAST), seal(0, '', Buffer.alloc(0))]);
  return Buffer.concat([salt, Buffer.of(0x02), nonce, seal(1, text, authenticated)]);
}
