// Counts a test run for continuous integration: one line, "N passed, N failed, N skipped", into the file that
// TWINLINE_TEST_COUNTS names. A test file that does not load and an error outside of any test count as failed.
import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const module of modules) {
      counts.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === 'pending' ? 'failed' : state]++
      }
    }
    const file = process.env['TWINLINE_TEST_COUNTS']
    if (file) writeFileSync(file, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}
