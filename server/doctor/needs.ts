import type { Settings } from '../../schema/index.js';
import type { Grants } from '../github/facts.js';
import { EVENTS, RIGHTS, type AppEvent, type AppRight } from '../setup/manifest.js';

/** Permissions and events that a server needs, or lacks. */
export interface Needs {
  readonly rights: readonly AppRight[];
  readonly events: readonly AppEvent[];
}

/** From less to more. */
const LEVELS = ['read', 'write', 'admin'];

/** What a server with these settings needs. Events for triggers count only if the settings allow such a trigger. */
export function needsOf(settings: Settings, events = EVENTS): Needs {
  const { triggers, rules = [] } = settings.server;
  const used = [triggers, ...rules.map((rule) => rule.triggers)].flatMap((each) =>
    Object.entries(each ?? {}).flatMap(([key, value]) =>
      Array.isArray(value) && value.length > 0 ? [key] : [],
    ),
  );
  return {
    rights: RIGHTS,
    events: events.filter((event) => event.triggers?.some((key) => used.includes(key)) ?? true),
  };
}

/** What of the needs isn't granted. */
export function lacking({ rights, events }: Needs, granted: Grants): Needs {
  return {
    rights: rights.filter(
      ({ scope, access }) => LEVELS.indexOf(granted.permissions[scope] ?? '') < LEVELS.indexOf(access),
    ),
    events: events.filter(({ event }) => !granted.events.includes(event)),
  };
}

/** What is in one and not in the other. */
export function without(needs: Needs, others: Needs): Needs {
  return {
    rights: needs.rights.filter((right) => !others.rights.includes(right)),
    events: needs.events.filter((event) => !others.events.includes(event)),
  };
}

/** Whether nothing is needed, or lacking. */
export function isNothing({ rights, events }: Needs): boolean {
  return rights.length + events.length === 0;
}
