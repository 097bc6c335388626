import type { Plan, PlannedImage } from '../plan/plan-types.js';
import { divideImages } from './batches.js';
import { checkedOutput, type ImageDigest, type StepOutput } from './step-output.js';

/** Argo 4 takes 200 tasks in a DAG and 500 parameters in a template: beyond this many images, DAGs are nested. */
export const TASKS_IN_A_DAG = 150;

/** A nested DAG of builds. */
export interface Batch {
  readonly name: string;
  readonly images: readonly PlannedImage[];
  /** Names of the batches that have images that images of this one are based on. */
  readonly after: readonly string[];
  /** What it is given: the digests of those images. */
  readonly given: readonly { readonly parameter: string; readonly digest: StepOutput }[];
}

/** What an image waits for in its DAG, and how it learns the digests of what it is based on. */
export interface BuildPlace {
  /** Tasks of the same DAG. */
  readonly after: readonly string[];
  /** The digest of an image of the plan that is built before, as a text that Argo fills in. */
  digestText(name: string): string;
}

/** The builds of a workflow: which DAG has each, and which waits for which. */
export class BuildLayout {
  /** The images that are built, in the plan's order. */
  readonly built: readonly PlannedImage[];
  /** Empty where one DAG has all. */
  readonly batches: readonly Batch[];
  readonly #byName: ReadonlyMap<string, PlannedImage>;
  readonly #outputs: ReadonlyMap<string, StepOutput>;
  readonly #batchOf = new Map<string, Batch>();

  constructor({ images }: Pick<Plan, 'images'>) {
    this.built = images.filter(({ decision }) => decision.action === 'build');
    this.#byName = new Map(this.built.map((image) => [image.name, image]));
    const groups = this.built.length <= TASKS_IN_A_DAG ? [] : divideImages(this.built, TASKS_IN_A_DAG);
    const batchName = (index: number): string => `batch-${index + 1}`;
    this.#outputs = new Map<string, StepOutput>([
      ...this.built.map(({ name, task }) => [name, { task, parameter: 'digest' }] as const),
      ...groups.flatMap((group, index) =>
        group.map(({ name }, i) => [name, { task: batchName(index), parameter: `d${i + 1}` }] as const),
      ),
    ]);
    this.batches = groups.map((group, index) => this.#batch(batchName(index), group));
    for (const batch of this.batches) for (const { name } of batch.images) this.#batchOf.set(name, batch);
  }

  /** Where the main DAG finds an image's digest. */
  digestOf({ name, decision }: PlannedImage): ImageDigest {
    if (decision.action === 'reuse') return { digest: decision.digest };
    return this.#output(name);
  }

  placeOf(image: PlannedImage): BuildPlace {
    const batch = this.#batchOf.get(image.name);
    const isNear = (name: string): boolean => this.#batchOf.get(name) === batch;
    return {
      after: this.#basesOf(image).flatMap(({ name, task }) => (isNear(name) ? [task] : [])),
      digestText: (name) => {
        const task = this.#byName.get(name)?.task ?? '';
        if (isNear(name)) return checkedOutput({ task, parameter: 'digest' }, 'digest');
        const output = this.#output(name);
        const given = batch?.given.find(({ digest }) => digest === output);
        return `{{inputs.parameters.${given?.parameter ?? ''}}}`;
      },
    };
  }

  #batch(name: string, images: readonly PlannedImage[]): Batch {
    const own = new Set(images);
    const before = new Set(images.flatMap((image) => this.#basesOf(image).filter((base) => !own.has(base))));
    const digests = [...before].map((base) => this.#output(base.name));
    return {
      name,
      images,
      after: [...new Set(digests.map(({ task }) => task))],
      given: digests.map((digest, i) => ({ parameter: `base-${i + 1}`, digest })),
    };
  }

  #basesOf({ buildsOn }: PlannedImage): readonly PlannedImage[] {
    return buildsOn.flatMap((name) => this.#byName.get(name) ?? []);
  }

  #output(name: string): StepOutput {
    const output = this.#outputs.get(name);
    if (output === undefined) throw new RangeError(`no task builds ${name}`);
    return output;
  }
}
