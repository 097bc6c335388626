import { ServiceError } from '../../schema/errors.js';
import { itemsOf, nothingFor } from '../kfp-answers.js';
import { KfpRefusal, type KfpClient } from '../kfp.js';
import { planSchedules, type SchedulePlan } from './plan-schedules.js';
import { existingSchedule, type ExistingSchedule, recurringRun, type WantedSchedule } from './schedule.js';

/** Whose schedules, and where. */
export interface ScheduleOwner {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** The Kubeflow profile. */
  readonly namespace: string;
}

/** Objects in one answer of a list; the server's limit is 200. */
const PAGE = 100;
/** More pages than anybody has schedules. */
const PAGES = 100;
/** How often the schedules are compared again after an answer was lost. */
const ATTEMPTS = 4;

/**
 * The recurring runs of a namespace that Kfops made for a repository.
 *
 * @throws ServiceError where KFP is not reached or refuses
 */
export async function listSchedules(
  client: KfpClient,
  { repository, namespace }: ScheduleOwner,
): Promise<readonly ExistingSchedule[]> {
  const found: ExistingSchedule[] = [];
  let token: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await client.call({
      method: 'GET',
      path: '/recurringruns',
      query: { namespace, page_size: String(PAGE), page_token: token },
    });
    found.push(
      ...itemsOf(answer.recurringRuns).flatMap((object) => existingSchedule(repository, object) ?? []),
    );
    const { next_page_token: next } = answer;
    if (typeof next !== 'string' || next === '') break;
    token = next;
  }
  return found;
}

/**
 * Makes the recurring runs of a repository the wanted ones. Those that are new come first, then the others are deleted:
 * after a crash in between, a schedule is there twice rather than not at all, and doing it again deletes the old one.
 *
 * @returns what was done
 * @throws ServiceError where KFP is not reached or refuses; what was created stays, and nothing was deleted
 */
export async function applySchedules(
  client: KfpClient,
  owner: ScheduleOwner,
  wanted: readonly WantedSchedule[],
): Promise<SchedulePlan> {
  const created: WantedSchedule[] = [];
  for (let attempt = 1; ; attempt++) {
    const plan = planSchedules(wanted, await listSchedules(client, owner));
    try {
      for (const each of plan.create) {
        created.push(each);
        await client.call({
          method: 'POST',
          path: '/recurringruns',
          body: recurringRun(owner.repository, each),
          // A second try could create a second one: compare again instead.
          again: false,
        });
      }
    } catch (error) {
      const isLost = error instanceof ServiceError && (!(error instanceof KfpRefusal) || error.mayPass);
      if (!isLost || attempt >= ATTEMPTS) throw error;
      continue;
    }
    for (const { id } of plan.remove) {
      await client
        .call({ method: 'DELETE', path: `/recurringruns/${encodeURIComponent(id)}` })
        .catch(nothingFor(404));
    }
    const isNew = new Set(created);
    return {
      create: wanted.filter((each) => isNew.has(each)),
      keep: plan.keep.filter(({ wanted: each }) => !isNew.has(each)),
      remove: plan.remove,
    };
  }
}
