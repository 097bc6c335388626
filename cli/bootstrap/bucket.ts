import type { ClusterClient } from '../../argo/client/client.js';
import { ServiceError, type Settings } from '../../schema/index.js';
import { makeBucket } from '../../stores/make-bucket.js';
import { reachMinio } from '../reach-minio.js';
import { say, type Session } from '../session.js';
import { waitingNotice } from '../waiting.js';
import type { Choices } from './choices.js';
import type { Store } from './found.js';

/** The session with the store's keys where every command looks for them first. */
export function withStoreKeys(session: Session, { keys }: Store): Session {
  if (!keys) return session;
  const { accessKey, secretKey } = keys;
  const env = {
    ...session.io.env,
    KFOPS_MINIO_ACCESS_KEY: accessKey,
    KFOPS_MINIO_SECRET_KEY: secretKey,
    // A key must come from one place.
    KFOPS_MINIO_ACCESS_KEY_FILE: undefined,
    KFOPS_MINIO_SECRET_KEY_FILE: undefined,
  };
  return { ...session, io: { ...session.io, env } };
}

/**
 * Makes the bucket of build contexts in the object store, through a forwarded port where only the cluster reaches it.
 * A store that this machine cannot reach is no error: the first build makes the bucket, too.
 */
export async function ensureBucket(
  session: Session,
  client: ClusterClient,
  choices: Choices,
  store: Store,
  settings: Settings,
): Promise<void> {
  const { style } = session;
  const { bucket } = settings.server.minio;
  const { io } = withStoreKeys(session, store);
  try {
    const reached = await reachMinio(io, {
      settings,
      endpoint: store.endpoint,
      namespace: choices.builds,
      cluster: () => Promise.resolve(client),
    });
    try {
      const { access, forwarded } = reached;
      const { region } = choices;
      const state = await waitingNotice(
        session,
        `the object store at ${forwarded ?? access.endpoint}`,
      ).during(makeBucket({ ...access, bucket, ...(region !== undefined && { region }) }));
      const words = {
        made: style.green('created   '),
        there: style.dim('unchanged '),
        hidden: style.yellow('unknown   '),
      };
      const note = state === 'hidden' ? ': these keys have no permission to see or create it' : '';
      say(session, `${words[state]} bucket ${bucket} in ${store.endpoint}${note}`);
    } catch (error) {
      throw reached.explain(error);
    } finally {
      await reached.close();
    }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    say(session, `${style.yellow('unknown   ')} bucket ${bucket}: ${error.message}`);
    say(session, `           the first build creates it, if the cluster reaches the store`);
  }
}
