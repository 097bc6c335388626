/**
 * Things of many senders that share one limit. A thing that no longer fits isn't refused: the sender that holds most
 * gives up its oldest thing. So a sender that fills the limit displaces itself, and where all come through one proxy,
 * what is slow gives way to what is new.
 */
export class SharedLimit<T> {
  readonly #limit: number;
  readonly #drop: (thing: T) => void;
  readonly #things = new Map<T, { readonly sender: Sender<T>; weight: number }>();
  readonly #senders = new Map<string, Sender<T>>();
  #total = 0;

  /** @param drop - gets each thing that had to give way; it is no longer held then */
  constructor(limit: number, drop: (thing: T) => void) {
    this.#limit = limit;
    this.#drop = drop;
  }

  /** The weight of everything that is held. */
  get total(): number {
    return this.#total;
  }

  /** How many senders hold something. */
  get senders(): number {
    return this.#senders.size;
  }

  /** Holds a thing as its sender's newest. It may have to give way at once. */
  hold(thing: T, name: string, weight: number): void {
    this.release(thing);
    const sender = this.#senders.get(name) ?? { name, total: 0, things: new Set<T>() };
    this.#senders.set(name, sender);
    sender.things.add(thing);
    this.#things.set(thing, { sender, weight: 0 });
    this.grow(thing, weight);
  }

  /**
   * Adds weight to a thing.
   *
   * @returns false when it isn't held, or had to give way
   */
  grow(thing: T, more: number): boolean {
    const entry = this.#things.get(thing);
    if (!entry) return false;
    this.#weigh(entry, more);
    while (this.#total > this.#limit) {
      const oldest = this.#next();
      this.release(oldest);
      this.#drop(oldest);
    }
    return this.#things.has(thing);
  }

  /** Makes a thing its sender's newest again. */
  renew(thing: T): void {
    const entry = this.#things.get(thing);
    if (entry) this.hold(thing, entry.sender.name, entry.weight);
  }

  /** Releases an item; does nothing if it isn't held. */
  release(thing: T): void {
    const entry = this.#things.get(thing);
    if (!entry) return;
    const { sender, weight } = entry;
    this.#weigh(entry, -weight);
    this.#things.delete(thing);
    sender.things.delete(thing);
    if (sender.things.size === 0) this.#senders.delete(sender.name);
  }

  #weigh(entry: { readonly sender: Sender<T>; weight: number }, more: number): void {
    entry.weight += more;
    entry.sender.total += more;
    this.#total += more;
  }

  /** The oldest item of the sender that holds the most; on a tie, of the sender with the oldest item. */
  #next(): T {
    const senders = [...this.#senders.values()];
    const heaviest = senders.reduce((most, each) => (each.total > most.total ? each : most));
    const [oldest] = heaviest.things;
    // A sender without things isn't kept.
    return oldest as T;
  }
}

/** A sender with its things, oldest first. */
interface Sender<T> {
  readonly name: string;
  total: number;
  readonly things: Set<T>;
}

/** The sender that an address belongs to: a host of IPv6 has a network of 64 bits, and any address in it. */
export function senderOf(address: string | undefined): string {
  if (!address?.includes(':') || address.includes('.')) return address ?? '';
  const [plain = ''] = address.split('%', 1);
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const missing = 8 - left.length - right.length;
  return [...left, ...Array<string>(missing).fill('0'), ...right].slice(0, 4).join(':');
}
