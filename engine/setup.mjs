// Installs what is missing: npm packages (Node 24 among them), the media worker, the pages, and for tests a browser.
// Plain JavaScript without dependencies: it runs on any Node from 18.17 on, before anything is installed. Done once, it takes
// under a second.
//
//   node engine/setup.mjs                 what "npm start" needs
//   node engine/setup.mjs --tests         and the browser of the tests
//   node engine/setup.mjs --dependencies  only the npm packages: enough for the command-line tools
import { Refusal, say, summary } from './setup/progress.mjs'

const flags = process.argv.slice(2)
const only = flags.includes('--dependencies')
const tests = flags.includes('--tests')

try {
  const unknown = flags.find((flag) => flag !== '--dependencies' && flag !== '--tests')
  if (unknown) throw new Refusal(`Unknown option ${unknown}. Usage: node engine/setup.mjs [--tests | --dependencies]`)
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major * 100 + minor < 1817) throw new Refusal(`Node ${process.versions.node} is too old to install Twinline; it takes Node 18.17 or later.`)
  const { installDependencies } = await import('./setup/dependencies.mjs')
  await installDependencies()
  if (!only) {
    const { ensurePostgresUser } = await import('./setup/system.mjs')
    const { installWorker } = await import('./setup/worker.mjs')
    const { buildConsole } = await import('./setup/console.mjs')
    await ensurePostgresUser()
    await installWorker()
    await buildConsole()
  }
  if (tests) {
    const { installBrowser } = await import('./setup/browser.mjs')
    await installBrowser()
  }
  summary()
} catch (problem) {
  say(problem instanceof Refusal ? `\n${problem.message}` : `\nThe installer failed: ${problem.stack}`)
  process.exit(1)
}
