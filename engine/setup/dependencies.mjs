// The npm packages, Node 24 among them, exactly as package-lock.json names them.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal, run, step } from './progress.mjs'

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The Node that the project runs on. */
export const projectNode = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

/** Installs the packages where node_modules is missing, unfinished, or of another package-lock.json. */
export async function installDependencies() {
  if (asLocked() && nodeRuns()) return
  await step('Dependencies from npm 依赖包', (onLine) => {
    const npm = process.env.npm_execpath // set when npm started us
    const [command, first] = npm?.endsWith('.js') ? [otherNode(), [npm]] : ['npm', []]
    return run(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      // Any value makes mediasoup's own install step leave the worker to us: it would download or build for minutes, and fail
      // on a closed network.
      env: { MEDIASOUP_WORKER_BIN: process.env.MEDIASOUP_WORKER_BIN || 'left-to-setup.mjs' },
      onLine,
      advice: 'Check that the npm registry can be reached ("npm ping"; behind a proxy: "npm config set https-proxy …"), then start again.',
    })
  })
  if (!nodeRuns())
    throw new Refusal('npm did not install Node 24 (node_modules/.bin/node). If "npm config get ignore-scripts" says true, allow scripts for this project: package.json names those that may run.')
}

function asLocked() {
  try {
    const packages = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8')).packages
    return agree(packages('package-lock.json'), packages('node_modules', '.package-lock.json'))
  } catch {
    return false // npm writes its record last, so a broken-off install has none
  }
}

/**
 * Whether npm's record of what it installed agrees with package-lock.json; packages for other platforms may be missing, and with
 * `production` (a Docker image, where they were removed) those for development.
 */
export function agree(locked, installed, production = process.env.NODE_ENV === 'production') {
  return Object.entries(locked).every(([path, wanted]) => {
    const found = installed[path]
    if (path === '' || found) return path === '' || (found.version === wanted.version && found.integrity === wanted.integrity)
    return Boolean(wanted.optional || (production && (wanted.dev || wanted.devOptional)))
  })
}

function nodeRuns() {
  return spawnSync(projectNode, ['--version'], { stdio: 'ignore' }).status === 0
}

/** A Node outside node_modules, since npm ci deletes that folder: npm must not run on the Node that it deletes. */
function otherNode() {
  const folders = (process.env.PATH || '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const folder = folders.find((folder) => existsSync(join(folder, program)))
  return folder ? join(folder, program) : process.execPath
}
