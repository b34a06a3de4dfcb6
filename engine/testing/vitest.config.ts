// Three kinds of tests, told apart by their names: unit (*.test.ts), system (*.system.test.ts: browsers, crashes, whole
// processes) and long (*.long.test.ts). One real PostgreSQL serves a whole run.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const system = '**/*.system.test.ts'
const long = '**/*.long.test.ts'
/** Every core (vitest leaves one free, which of two is half), and no more than the one database has connections for. */
const maxWorkers = Math.min(availableParallelism(), 8)
const exclude = ['node_modules/**', 'console/dist/**', 'data/**']

export default defineConfig({
  test: {
    globalSetup: 'engine/testing/database.ts',
    reporters: ['default', 'engine/testing/count-reporter.ts'],
    // Orders from 1 on: vitest puts projects that run one file at a time and have order 0 last.
    projects: [
      {
        // Some start processes of their own, which a busy machine makes wait: a limit is there to end what hangs, not to measure.
        extends: false,
        test: { name: 'unit', include: ['**/*.test.ts'], exclude: [...exclude, system, long], maxWorkers, testTimeout: 30_000, hookTimeout: 30_000, sequence: { groupOrder: 1 } },
      },
      {
        // One file at a time, after the unit tests: each starts browsers or whole installations and measures time.
        extends: false,
        test: { name: 'system', include: [system], exclude, fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000, sequence: { groupOrder: 2 } },
      },
      {
        extends: false,
        test: { name: 'long', include: [long], exclude, fileParallelism: false, testTimeout: 1_800_000, hookTimeout: 120_000, sequence: { groupOrder: 3 } },
      },
    ],
  },
})
