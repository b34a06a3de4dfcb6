// Who may import what: one row for each room of the house, read by rules.ts. Anything that no row allows is refused.

/**
 * One row of who may import what. `may`: folders (with a slash) and files besides those of the row itself; `type ` before one:
 * its types only. `libraries`: exactly these, a slash at the end for a scope. A row without `node` also runs in a browser.
 */
export interface Row {
  at: string
  may: readonly string[]
  libraries?: readonly string[]
  node?: true
  /** No clock, no dice, nothing of this machine: the same arguments give the same result for ever. */
  pure?: true
  /** Not even a calendar or a promise: instants are numbers, and nothing waits. */
  still?: true
}

const EVENTS = 'engine/events/'
const CORE = 'engine/core/'
const WIRE = 'engine/wire/'
const METRICS = 'analytics/metrics/'
const SIMULATOR = 'simulator/'
/** What a command needs to find settings, database and log. */
const COMMAND = ['engine/config.ts', 'engine/host/', 'engine/postgres.ts', 'engine/store/']

/** The first row that fits a file is its row; a file that none fits is out of place. */
export const ROWS: readonly Row[] = [
  // The makers of documents read and write files; nothing imports them.
  { at: 'engine/events/dictionary.ts', may: [EVENTS], node: true },
  { at: EVENTS, may: [], libraries: ['typebox'], pure: true },
  // Plays render instants as times of day; they are an aid of tests.
  { at: 'engine/core/scenarios/', may: [CORE, EVENTS] },
  { at: CORE, may: [EVENTS], pure: true, still: true },
  { at: WIRE, may: [EVENTS], libraries: ['typebox'], pure: true },
  // Those that join the core to the world get the world as ports.
  { at: 'engine/driver.ts', may: [CORE, EVENTS] },
  { at: 'engine/effects.ts', may: [CORE, EVENTS] },
  { at: 'engine/shadow.ts', may: [CORE, EVENTS, 'type engine/driver.ts', 'type engine/store/'] },
  { at: 'engine/store/', may: [EVENTS], libraries: ['@mikro-orm/', 'pg'], node: true },
  { at: 'engine/media/', may: [WIRE, EVENTS], libraries: ['mediasoup'], node: true },
  // Ports are types: what they stand for is passed in by main.ts.
  {
    at: 'engine/server/', may: [WIRE, EVENTS, CORE, METRICS, 'type engine/driver.ts', 'type engine/shadow.ts', 'type engine/config.ts', 'type engine/tls.ts', 'type engine/store/'],
    libraries: ['fastify', '@fastify/', 'typebox', '@node-rs/argon2'], node: true,
  },
  // The machine under the engine.
  { at: 'engine/host/', may: ['type engine/config.ts'], node: true },
  { at: 'engine/config.ts', may: [], node: true },
  { at: 'engine/tls.ts', may: ['engine/config.ts', 'engine/host/'], libraries: ['selfsigned'], node: true },
  // The database's programs are a package for each platform: its name is computed.
  { at: 'engine/postgres.ts', may: ['engine/host/'], libraries: ['pg', 'computed'], node: true },
  { at: 'engine/supervisor.ts', may: ['engine/config.ts', 'engine/host/', 'engine/media-worker.mjs', 'engine/postgres.ts'], node: true },
  // These run before anything is installed, so they know no library.
  { at: 'engine/setup.mjs', may: ['engine/setup/'], node: true },
  { at: 'engine/setup/', may: ['engine/media-worker.mjs', 'engine/testing/chromium.mjs'], node: true },
  { at: 'engine/media-worker', may: [], node: true },
  { at: 'engine/admin.ts', may: [...COMMAND, 'engine/server/auth.ts'], node: true },
  // The only wiring file.
  { at: 'engine/main.ts', may: ['engine/', 'analytics/', SIMULATOR], node: true },

  { at: METRICS, may: [EVENTS], pure: true },
  { at: 'analytics/lake/', may: [METRICS, EVENTS], libraries: ['@duckdb/node-api', 'apache-arrow'], node: true },
  { at: 'analytics/run.ts', may: ['analytics/', EVENTS, ...COMMAND], node: true },
  { at: 'analytics/cli.ts', may: ['analytics/', EVENTS, ...COMMAND], node: true },
  { at: 'analytics/', may: [METRICS, 'analytics/lake/', EVENTS], node: true },

  { at: 'simulator/cli.ts', may: [SIMULATOR, CORE, EVENTS, METRICS, ...COMMAND], node: true },
  { at: 'simulator/arguments.ts', may: [SIMULATOR, EVENTS], node: true },
  // A seed is the only chance there is: a run is a pure function of its arguments, here and in a browser's worker.
  { at: SIMULATOR, may: [CORE, EVENTS, METRICS], libraries: ['seedrandom'], pure: true },

  { at: 'console/vite.config.ts', may: [], libraries: ['vite'], node: true },
  {
    at: 'console/', may: [WIRE, EVENTS, METRICS, 'simulator/world.ts', 'simulator/random.ts', 'simulator/erlang.ts'],
    libraries: ['preact', '@preact/signals', 'lucide-preact', 'mediasoup-client', '@observablehq/plot', 'apache-arrow'],
  },
]

/** Tests, their aids, and what plays the world around the product may import everything. */
export const isFree = (path: string): boolean => /\.test\.tsx?$|(^|\/)testing\.ts$|^engine\/testing\/|^loadtest\/|^fixtures\//.test(path)

/** Borders have a name in package.json; from outside they are imported by it. */
export const BORDERS: Readonly<Record<string, string>> = { '#core/': CORE, '#events/': EVENTS, '#wire/': WIRE, '#metrics/': METRICS, '#sim/': SIMULATOR }

/** The row of a file; undefined where none fits. */
export const rowOf = (path: string): Row | undefined => ROWS.find(({ at }) => path.startsWith(at))
