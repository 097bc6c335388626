import { expect } from 'chai';
import fc from 'fast-check';

import { Queue, type QueueKey, type QueueOptions } from '../../../../server/inbox/queue.js';

const LIMITS = { perRepository: 2, total: 4, length: 100_000 };

type Work = (signal: AbortSignal) => Promise<void>;

/** A queue, what it did, and work that ends when it is told to. */
function setUp(options: Partial<QueueOptions<Work>> = {}) {
  const errors: unknown[] = [];
  const queue = new Queue<Work>({
    ...LIMITS,
    work: async ([work], signal) => work(signal),
    onError: (error) => errors.push(error),
    ...options,
  });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (repository: number, pullRequest: number, name: string): boolean =>
    queue.add({ repository, of: pullRequest }, async () => {
      started.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await turns();
  };
  return { queue, errors, started, add, end };
}

/** Lets everything that can go on go on. */
const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the queue', () => {
  it('works on a pull request one after the other, in order', async () => {
    const { started, add, end } = setUp();
    for (const name of ['a', 'b', 'c']) add(1, 1, name);
    await turns();
    expect(started).to.deep.equal(['a']);
    await end('a');
    expect(started).to.deep.equal(['a', 'b']);
    await end('b');
    expect(started).to.deep.equal(['a', 'b', 'c']);
  });

  it('keeps to its limits for a repository and in all', async () => {
    const { queue, started, add, end } = setUp();
    for (let repository = 1; repository <= 3; repository++)
      for (let i = 1; i <= 3; i++) add(repository, i, `${repository}.${i}`);
    await turns();
    expect(started).to.deep.equal(['1.1', '1.2', '2.1', '2.2']);
    expect(queue.sizes).to.deep.equal({ waiting: 5, running: 4, pullRequests: 9, repositories: 3 });
    await end('1.1');
    expect(started.at(-1)).to.equal('3.1');
  });

  it('lets repositories take turns, however much one of them has to do', async () => {
    const { started, add, end } = setUp({ total: 1, perRepository: 1 });
    for (let i = 1; i <= 50; i++) add(1, i, `1.${i}`);
    add(2, 1, '2.1');
    add(2, 2, '2.2');
    await turns();
    for (let i = 0; i < 4; i++) await end(started.at(-1)!);
    expect(started).to.deep.equal(['1.1', '2.1', '1.2', '2.2', '1.3']);
  });

  it('takes no more than may wait', () => {
    const { queue, add } = setUp({ length: 2, total: 1 });
    expect([1, 2, 3, 4].map((i) => add(1, i, `${i}`))).to.deep.equal([true, true, true, false]);
    expect(queue.sizes).to.include({ waiting: 2, running: 1 });
  });

  it('goes on after an error, thrown at once or later', async () => {
    const { queue, errors, started, add, end } = setUp({ total: 1 });
    const key = { repository: 1, of: 1 };
    queue.add(key, () => {
      throw new Error('at once');
    });
    queue.add(key, () => Promise.reject(new Error('later')));
    add(1, 1, 'a');
    await turns();
    expect(errors.map(String)).to.deep.equal(['Error: at once', 'Error: later']);
    expect(started).to.deep.equal(['a']);
    await end('a');
    expect(queue.sizes).to.deep.equal({ waiting: 0, running: 0, pullRequests: 0, repositories: 0 });
  });

  it('tells when it is idle', async () => {
    const { queue, add, end } = setUp();
    await queue.idle();
    add(1, 1, 'a');
    let idle = false;
    const told = queue.idle().then(() => (idle = true));
    await turns();
    expect(idle).to.equal(false);
    await end('a');
    await told;
  });

  it('forgets what is done', async () => {
    const { queue } = setUp();
    for (let i = 0; i < 1000; i++) queue.add({ repository: i % 7, of: i }, () => Promise.resolve());
    await queue.idle();
    expect(queue.sizes).to.deep.equal({ waiting: 0, running: 0, pullRequests: 0, repositories: 0 });
  });

  it('does all work once, in order for each pull request, within its limits', async () => {
    const keys = fc.record({
      repository: fc.integer({ min: 1, max: 4 }),
      of: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(keys, { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 5 }),
        async (wanted, perRepository, total) => {
          const { queue } = setUp({ perRepository, total });
          const done: [string, number][] = [];
          const running: QueueKey[] = [];
          wanted.forEach((key, i) => {
            queue.add(key, async () => {
              running.push(key);
              expect(running.length).to.be.at.most(total);
              const own = running.filter(({ repository }) => repository === key.repository);
              expect(own.length).to.be.at.most(perRepository);
              expect(own.filter(({ of }) => of === key.of)).to.have.length(1);
              for (let n = i % 4; n > 0; n--) await Promise.resolve();
              running.splice(running.indexOf(key), 1);
              done.push([`${key.repository}/${key.of}`, i]);
            });
          });
          await queue.idle();
          expect(done.map(([, i]) => i).sort((a, b) => a - b)).to.deep.equal(wanted.map((_, i) => i));
          for (const name of new Set(done.map(([lane]) => lane))) {
            const order = done.filter(([lane]) => lane === name).map(([, i]) => i);
            expect(order).to.deep.equal([...order].sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('alike work in the queue', () => {
  /** A queue of words, of which those that begin with the same letter are alike; capitals are like nothing. */
  function setUpWords(options: Partial<QueueOptions<string>> = {}) {
    const done: (readonly string[])[] = [];
    const queue = new Queue<string>({
      ...LIMITS,
      groupKey: (word) => (/^[A-Z]/.test(word) ? undefined : word[0]),
      work: (words) => {
        done.push(words);
        return turns();
      },
      onError: (error) => {
        throw error;
      },
      ...options,
    });
    const add = (pullRequest: number, ...words: string[]): boolean[] =>
      words.map((word) => queue.add({ repository: 1, of: pullRequest }, word));
    return { queue, done, add };
  }

  it('is done together where it directly follows, and nothing overtakes anything', async () => {
    const { queue, done, add } = setUpWords();
    add(1, 'x', 'b1', 'b2', 'c1', 'b3', 'b4', 'B5', 'B6', 'b7');
    await queue.idle();
    expect(done).to.deep.equal([['x'], ['b1', 'b2'], ['c1'], ['b3', 'b4'], ['B5'], ['B6'], ['b7']]);
  });

  it('is done together for one pull request only', async () => {
    const { queue, done, add } = setUpWords({ total: 1, perRepository: 1 });
    add(1, 'b1');
    for (const pullRequest of [2, 3]) add(pullRequest, `b${pullRequest}`, `b${pullRequest}'`);
    await queue.idle();
    expect(done).to.deep.equal([['b1'], ['b2', "b2'"], ['b3', "b3'"]]);
  });

  it('counts each piece that waits, and is bounded', async () => {
    const { queue, done, add } = setUpWords({ length: 250 });
    expect(
      add(1, ...Array.from({ length: 252 }, (_, i) => `b${i}`)).filter((added) => !added),
    ).to.have.length(1);
    expect(queue.sizes).to.include({ waiting: 250, running: 1 });
    await queue.idle();
    expect(done.map(({ length }) => length)).to.deep.equal([1, 100, 100, 50]);
    expect(done.flat()).to.deep.equal(Array.from({ length: 251 }, (_, i) => `b${i}`));
  });
});

describe('fault 20: end of the server', () => {
  it('waits for what runs, drops what waits, and takes nothing any more', async () => {
    const { queue, started, add, end } = setUp({ total: 1 });
    add(1, 1, 'a');
    add(1, 1, 'b');
    add(2, 1, 'c');
    await turns();
    const drained = queue.drain();
    expect(add(1, 2, 'd')).to.equal(false);
    expect(queue.sizes).to.include({ waiting: 0, running: 1 });
    await end('a');
    expect(await drained).to.equal(2);
    expect(started).to.deep.equal(['a']);
    expect(queue.sizes).to.deep.equal({ waiting: 0, running: 0, pullRequests: 0, repositories: 0 });
  });

  it('aborts what takes too long, and waits for it still', async () => {
    const { queue } = setUp();
    const controller = new AbortController();
    let cleaned = false;
    queue.add({ repository: 1, of: 1 }, async (signal) => {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
      await turns();
      cleaned = true;
    });
    await turns();
    const drained = queue.drain(controller.signal);
    controller.abort();
    await drained;
    expect(cleaned).to.equal(true);
  });

  it('is over at once where nothing runs', async () => {
    expect(await setUp().queue.drain()).to.equal(0);
    expect(await setUp().queue.drain(AbortSignal.abort())).to.equal(0);
  });
});
