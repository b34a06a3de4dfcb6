// What only the tests take: the browser that they drive, a font for their Chinese screenshots, and tools for networks and
// processes.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { chromiumPath } from '../testing/chromium.mjs'
import { projectNode, root } from './dependencies.mjs'
import { Refusal, run, say, step } from './progress.mjs'
import { canInstall, hasApt, installPackages } from './system.mjs'

/** Makes sure that the tests have a Chromium, that it can show Chinese, and, as root, their tools. */
export async function installBrowser() {
  if (canInstall) {
    const wants = {}
    if (!chromiumPath()) wants['the browser that holds calls in the tests'] = ['chromium']
    if (!showsChinese()) wants['a font with Chinese characters, for screenshots of the tests'] = ['fontconfig', 'fonts-noto-cjk']
    if (!has('ip') || !has('certutil')) wants['networks of their own for the tests of https, and the trust in its certificate authority'] = ['iproute2', 'libnss3-tools']
    if (!has('ps')) wants['the process table, for the tests that kill programs of a running Twinline'] = ['procps']
    if (Object.keys(wants).length) await installPackages('tests', wants)
  } else {
    if (!chromiumPath()) await downloadBrowser()
    if (!showsChinese()) say('There is no font with Chinese characters: screenshots of the tests will show boxes instead.')
  }
}

/** Outside Debian, or without the right to install packages: the build that Playwright keeps in the user's cache. */
async function downloadBrowser() {
  await step('Test browser 测试浏览器: Chromium', (onLine) =>
    run(projectNode, [join(root, 'node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium'], {
      onLine,
      advice: `Install Chromium or Chrome${hasApt ? ' ("sudo apt-get install chromium")' : ''}, or name one in TWINLINE_CHROMIUM, then start again.`,
    }),
  )
  if (!chromiumPath()) throw new Refusal('No Chromium was found after installing one; name it in TWINLINE_CHROMIUM.')
}

function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0
}

function showsChinese() {
  return (spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' }).stdout ?? '').trim() !== '' || process.platform === 'darwin'
}
