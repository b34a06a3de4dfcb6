// The pages that browsers load, built by Vite into console/dist when their sources have changed.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectNode, root } from './dependencies.mjs'
import { run, step } from './progress.mjs'

// Where the pages' sources may lie, and the versions of their libraries.
const sources = ['console', 'engine/wire', 'engine/events', 'engine/core', 'analytics/metrics', 'simulator', 'package-lock.json']
const stamp = join(root, 'console', 'dist', '.sources')

/** Builds the pages where they are missing or of other sources. Vite empties the folder first, so a broken-off build has no stamp. */
export async function buildConsole() {
  const hash = sourceHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  await step('Pages 页面', (onLine) =>
    run(projectNode, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', join('console', 'vite.config.ts')], {
      cwd: root,
      onLine,
      advice: 'The sources under console/ do not build; see above.',
    }),
  )
  writeFileSync(stamp, hash)
}

function sourceHash() {
  const hash = createHash('sha256')
  const add = (path) => hash.update(path).update(readFileSync(join(root, path)))
  for (const source of sources) {
    if (source.endsWith('.json')) add(source)
    else
      for (const entry of readdirSync(join(root, source), { recursive: true, withFileTypes: true }).sort(byPath)) {
        const path = join(entry.parentPath ?? entry.path, entry.name)
        if (entry.isFile() && !path.includes(join('console', 'dist')) && !/\.test\.tsx?$/.test(path)) add(path.slice(root.length))
      }
  }
  return hash.digest('hex')
}

function byPath(a, b) {
  const path = (entry) => join(entry.parentPath ?? entry.path, entry.name)
  return path(a) < path(b) ? -1 : 1
}
