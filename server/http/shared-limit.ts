/**
 * Things of many senders that share one limit. A thing that no longer fits isn't refused: the sender that holds most
 * gives up its oldest thing. So a sender that fills the limit displaces itself, and where all come through one proxy,
 * what is slow gives way to what is new.
 */
export class SharedLimit<T> {
  readonly #limit: number;
  readonly #drop: (thing: T) => void;
  readonly #things = new Map<T, { readonly sender: string; weight: number }>();
  /** Of each sender its things, oldest first. */
  readonly #senders = new Map<string, { total: number; readonly things: Set<T> }>();
  #total = 0;

  /** @param drop gets each thing that had to give way; it is no longer held then */
  constructor(limit: number, drop: (thing: T) => void) {
    this.#limit = limit;
    this.#drop = drop;
  }

  /** The weight of everything that is held. */
  get total(): number {
    return this.#total;
  }

  /** Holds a thing as its sender's newest. It may have to give way at once. */
  hold(thing: T, sender: string, weight: number): void {
    this.release(thing);
    const held = this.#senders.get(sender) ?? { total: 0, things: new Set<T>() };
    this.#senders.set(sender, held);
    held.things.add(thing);
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
    if (entry) this.hold(thing, entry.sender, entry.weight);
  }

  /** Lets go of a thing; of one that isn't held nothing happens. */
  release(thing: T): void {
    const entry = this.#things.get(thing);
    if (!entry) return;
    this.#weigh(entry, -entry.weight);
    this.#things.delete(thing);
    const held = this.#senders.get(entry.sender);
    held?.things.delete(thing);
    if (held?.things.size === 0) this.#senders.delete(entry.sender);
  }

  #weigh(entry: { readonly sender: string; weight: number }, more: number): void {
    entry.weight += more;
    this.#total += more;
    const held = this.#senders.get(entry.sender);
    if (held) held.total += more;
  }

  /** The oldest thing of the sender that holds most. */
  #next(): T {
    let heaviest: { readonly total: number; readonly things: Set<T> } | undefined;
    for (const held of this.#senders.values()) {
      if (held.total > (heaviest?.total ?? -1)) heaviest = held;
    }
    for (const thing of heaviest?.things ?? []) return thing;
    throw new Error('nothing is held');
  }
}

/** The sender that an address belongs to: a host of IPv6 has a network of 64 bits, and any address in it. */
export function senderOf(address: string | undefined): string {
  if (!address?.includes(':') || address.includes('.')) return address ?? '';
  const [plain = ''] = address.split('%', 1);
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(missing).fill('0'), ...right].slice(0, 4).join(':');
}
