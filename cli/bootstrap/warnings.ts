import { say, type Session } from '../session.js';
import type { Choices } from './choices.js';
import { KUBEFLOW } from './namespaces.js';
import { STORE_SECRET } from './store-secret.js';
import { whyUnreachable } from './unreachable.js';

/** Warns of choices that are right for few. */
export function sayWarnings(session: Session, choices: Choices): void {
  for (const warning of warningsOf(choices)) say(session, `${session.style.yellow('warning')} ${warning}`);
}

/** One sentence or two for each, with the option first. */
export function warningsOf({ url, githubApiUrl, profiles, builds, ingress }: Choices): readonly string[] {
  const warnings: string[] = [];
  // A tunnel or a proxy may still forward deliveries.
  const why = whyUnreachable(url, githubApiUrl !== undefined);
  if (why !== undefined)
    warnings.push(
      `--url: \`${new URL(url).host}\` ${why}. GitHub can't send deliveries there: give the public address, at which GitHub reaches the cluster.`,
    );
  // The controller may have a certificate of its own for all hosts.
  if (ingress !== undefined && ingress.tlsSecret === undefined)
    warnings.push(
      `--ingress-class: the Ingress has no certificate for \`${new URL(url).host}\`. GitHub must be able to verify it: give --tls-secret, unless the class has a certificate of its own.`,
    );
  // An Argo that watches one namespace alone leaves no choice.
  if (builds === KUBEFLOW)
    warnings.push(
      `--namespace: builds share \`${builds}\` with Kubeflow itself. They run code of pull requests, and no policy there denies traffic to all pods: give the builds a namespace of their own, unless Argo watches only this one.`,
    );
  else if (profiles.includes(builds))
    warnings.push(
      `--profile-namespace: builds run in \`${builds}\`, too. They run code of pull requests, which can use what pipelines have there, and pipelines can use the keys of the object store in its Secret ${STORE_SECRET}: give the builds a namespace of their own with --namespace, unless Argo watches only this one.`,
    );
  return warnings;
}
